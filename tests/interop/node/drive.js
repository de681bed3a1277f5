// A controller that is a client: node drive.js URL LINE/WORKCELL USER PASSWORD SETTLE_MS, the I/O
// list as JSON on stdin. Subscribes to the inputs, writes the outputs; ends when stdin does.
"use strict";

const readline = require("node:readline");
const {
  AttributeIds,
  ClientMonitoredItemGroup,
  ClientSubscription,
  DataType,
  MessageSecurityMode,
  OPCUAClient,
  SecurityPolicy,
  TimestampsToReturn,
  UserTokenType,
  Variant,
} = require("node-opcua-client");
const { Sorting } = require("./sorting.js");

const [url, workcell, user, password, settleMs] = process.argv.slice(2);
const CYCLE_MS = 10;
const tell = (document) => process.stdout.write(JSON.stringify(document) + "\n");

async function drive(points) {
  const client = OPCUAClient.create({
    endpointMustExist: false,
    securityMode: MessageSecurityMode.SignAndEncrypt,
    securityPolicy: SecurityPolicy.Basic256Sha256,
    connectionStrategy: { initialDelay: 100, maxRetry: 20, maxDelay: 500 },
  });
  await client.connect(url);
  const identity = { type: UserTokenType.UserName, userName: user, password };
  const session = await client.createSession(identity);
  const index = (await session.readNamespaceArray()).indexOf("urn:pilotline:twin");
  const node = (name) => `ns=${index};s=${workcell}/${name}`;

  const values = {};
  const inputs = points.filter((point) => point.direction !== "output").map((point) => point.name);
  const subscription = ClientSubscription.create(session, {
    requestedPublishingInterval: 20,
    requestedLifetimeCount: 1000,
    requestedMaxKeepAliveCount: 10,
    publishingEnabled: true,
  });
  const items = ClientMonitoredItemGroup.create(
    subscription,
    inputs.map((name) => ({ nodeId: node(name), attributeId: AttributeIds.Value })),
    { samplingInterval: 0, queueSize: 20, discardOldest: true },
    TimestampsToReturn.Both,
  );
  items.on("changed", (_item, reading, at) => (values[inputs[at]] = reading.value.value));
  while (Object.keys(values).length < inputs.length) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  tell({ ready: true });

  const program = new Sorting(Number(settleMs));
  const written = {};
  let told = "";
  let going = true;
  process.stdin.on("end", () => (going = false));
  while (going) {
    const outputs = program.scan(values);
    for (const [name, value] of Object.entries(outputs)) {
      if (written[name] === value) continue;
      const status = await session.write({
        nodeId: node(name),
        attributeId: AttributeIds.Value,
        value: { value: new Variant({ dataType: DataType.Boolean, value }) },
      });
      if (status.name !== "Good") tell({ refused: name, status: status.name });
      written[name] = value;
    }
    const now = JSON.stringify({ counts: program.counts });
    if (now !== told) process.stdout.write((told = now) + "\n");
    await new Promise((resolve) => setTimeout(resolve, CYCLE_MS));
  }
  await session.close();
  await client.disconnect();
  process.exit(0);
}

const lines = readline.createInterface({ input: process.stdin });
lines.once("line", (line) =>
  drive(JSON.parse(line)).catch((error) => {
    tell({ error: String(error.stack) });
    process.exit(1);
  }),
);
