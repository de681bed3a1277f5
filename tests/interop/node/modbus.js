// Both ends of Modbus TCP: node modbus.js drive|sort|plc JSON
// drive: a client of the twin's server; prints one JSON document a line, the last {"done": true}.
// sort: a controller of the sorting cell, until it has sorted so many parts.
// plc: a server; prints {"port": …}, then each write that it gets, until its input ends.
"use strict";

const ModbusRTU = require("modbus-serial");

const [mode, wishes] = process.argv.slice(2);
const wish = JSON.parse(wishes);
const tell = (document) => process.stdout.write(JSON.stringify(document) + "\n");

const real = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  return [bytes.readUInt16BE(0), bytes.readUInt16BE(2)];
};

async function drive() {
  const client = new ModbusRTU();
  await client.connectTCP(wish.host, { port: wish.port });
  client.setTimeout(5000);
  client.setID(wish.unit ?? 1);

  await client.writeCoil(wish.coil, true);
  tell({ coil: (await client.readCoils(wish.coil, 1)).data[0] });
  await client.writeCoils(wish.coil, [false]);
  tell({ coils: (await client.readCoils(wish.coil, 1)).data[0] });
  await client.writeRegisters(wish.real, real(0.25));
  tell({ real: (await client.readHoldingRegisters(wish.real, 2)).buffer.readFloatBE(0) });
  tell({ discrete: (await client.readDiscreteInputs(wish.discrete, 1)).data[0] });
  tell({ dint: (await client.readInputRegisters(wish.dint, 2)).buffer.readInt32BE(0) });

  const refused = async (name, attempt) => {
    try {
      await attempt();
      tell({ [name]: "taken" });
    } catch (error) {
      tell({ [name]: error.modbusCode ?? String(error.message) });
    }
  };
  await refused("half", () => client.writeRegister(wish.real, 16000));
  await refused("nowhere", () => client.readCoils(5000, 1));
  await refused("infinite", () => client.writeRegisters(wish.real, [0x7f80, 0]));

  // All at once, as clients do that do not wait for an answer.
  const many = await Promise.all(
    Array.from({ length: 20 }, () => client.readDiscreteInputs(wish.discrete, 1)),
  );
  tell({ together: many.filter((answer) => answer.data[0] === true).length });
  client.setID(77);
  await refused("stranger", () => client.readCoils(0, 1));
  await new Promise((resolve) => client.close(resolve));
}

async function sort() {
  const client = new ModbusRTU();
  await client.connectTCP(wish.host, { port: wish.port });
  client.setTimeout(5000);
  client.setID(1);
  const { inputs, measured, outputs, parts } = wish;
  const size = Math.max(...Object.values(inputs)) + 1;
  const last = Math.max(...Object.values(measured)) + 2;
  const width = Math.max(...Object.values(outputs)) + 1;

  const sorted = { red: 0, blue: 0, high: 0 };
  let kind = null, gate = false, pushed = false, since = null, cycles = 0;
  let atEnd = false, passing = false;
  const command = {};
  while (sorted.red + sorted.blue + sorted.high < parts) {
    const bits = (await client.readDiscreteInputs(0, size)).data;
    const words = (await client.readInputRegisters(0, last)).buffer;
    const on = (name) => bits[inputs[name]];
    const value = (name) => words.readFloatBE(2 * measured[name]);
    cycles += 1;

    const still = on("s_stop") && on("stopper_extended");
    since = still ? (since ?? Date.now()) : null;
    const back = on("red_pusher_retracted") && on("blue_pusher_retracted");
    if (gate) {
      if (passing && !on("s_passed")) gate = false;
    } else if (kind === null && back && since !== null && Date.now() - since >= wish.settle_ms) {
      kind = value("height") >= wish.high_from ? "high" : value("colour") >= wish.red_from ? "red" : "blue";
      gate = true;
      pushed = false;
    }
    if (kind === "red" || kind === "blue") {
      const pusher = `${kind}_pusher`;
      if (on(`${pusher}_extended`)) pushed = true;
      if (pushed) {
        command[`${pusher}_extend`] = false;
        if (on(`${pusher}_retracted`)) {
          sorted[kind] += 1;
          kind = null;
        }
      } else if (on(`s_${kind}`) && !on(`${kind}_full`)) {
        command[`${pusher}_extend`] = true;
      }
    } else if (kind === "high" && atEnd && !on("s_end")) {
      sorted.high += 1;
      kind = null;
    }
    atEnd = on("s_end");
    passing = on("s_passed");
    const waits = (kind === "red" || kind === "blue") && on(`s_${kind}`) && !pushed;
    command.stopper_extend = !gate;
    command.infeed_run = !(gate && passing);
    command.sortbelt_run = !waits;

    const coils = Array(width).fill(false);
    for (const [name, wanted] of Object.entries(command)) coils[outputs[name]] = wanted;
    await client.writeCoils(0, coils);
  }
  tell({ sorted, cycles });
  await new Promise((resolve) => client.close(resolve));
}

async function plc() {
  const words = new Map(Object.entries(wish.words).map(([n, value]) => [Number(n), value]));
  const coils = new Map();
  const server = new ModbusRTU.ServerTCP(
    {
      getCoil: (number) => coils.get(number) ?? false,
      getDiscreteInput: (number) => number === 3,
      getInputRegister: (number) => words.get(number) ?? 0,
      getHoldingRegister: (number) => words.get(number) ?? 0,
      setCoil: (number, value, unit) => {
        coils.set(number, value);
        tell({ coil: number, value, unit });
      },
      setRegister: (number, value, unit) => {
        words.set(number, value);
        tell({ register: number, value, unit });
      },
    },
    { host: "127.0.0.1", port: wish.port, unitID: wish.unit },
  );
  server.on("initialized", () => tell({ port: wish.port }));
  process.stdin.resume();
  await new Promise((resolve) => process.stdin.on("end", resolve));
  server.close(() => {});
}

const modes = { drive, sort, plc };
modes[mode]().then(
  () => {
    tell({ done: true });
    process.exit(0);
  },
  (error) => {
    tell({ error: String(error && error.message) });
    process.exit(1);
  },
);
