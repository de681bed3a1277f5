// A client of the twin's topics: node mqtt.js URL TOPIC COUNT [PUBLISH_TOPIC]
// Prints one JSON document a message, then {"done": true}. With PUBLISH_TOPIC it tries to publish.
"use strict";

const mqtt = require("mqtt");

const [url, topic, count, forge] = process.argv.slice(2);
const client = mqtt.connect(url, { connectTimeout: 5000, reconnectPeriod: 0 });
let left = Number(count);

const finish = (code) => client.end(false, {}, () => process.exit(code));
const tell = (document) => process.stdout.write(JSON.stringify(document) + "\n");

client.on("error", (error) => {
  tell({ error: error.message });
  process.exit(1);
});
client.on("connect", () => {
  if (forge) client.publish(forge, "forged", { qos: 1, retain: true });
  client.subscribe(topic, { qos: 1 });
});
client.on("message", (name, payload, packet) => {
  tell({ topic: name, retain: packet.retain, payload: payload.toString() });
  left -= 1;
  if (left === 0) {
    tell({ done: true });
    finish(0);
  }
});
