// A PLC with an OPC UA server: node plc.js DIRECTORY SETTLE_MS, the I/O list as JSON on stdin.
// Its variables are ns=1;s=GVL.NAME. Prints {"port": …}, then its counts; ends when stdin does.
"use strict";

const readline = require("node:readline");
const path = require("node:path");
const { OPCUACertificateManager } = require("node-opcua-certificate-manager");
const { DataType, StatusCodes, Variant } = require("node-opcua-client");
const { OPCUAServer } = require("node-opcua-server");
const { Sorting } = require("./sorting.js");

const [directory, settleMs] = process.argv.slice(2);
const CYCLE_MS = 10;
const TYPES = { BOOL: DataType.Boolean, INT: DataType.Int16, DINT: DataType.Int32, REAL: DataType.Float };
const tell = (document) => process.stdout.write(JSON.stringify(document) + "\n");

async function serve(points) {
  const serverCertificateManager = new OPCUACertificateManager({
    automaticallyAcceptUnknownCertificate: true,
    rootFolder: path.join(directory, "pki"),
  });
  const server = new OPCUAServer({
    port: 0,
    serverCertificateManager,
    userCertificateManager: serverCertificateManager,
    buildInfo: { productName: "bench PLC" },
  });
  await server.initialize();
  const space = server.engine.addressSpace;
  const own = space.getOwnNamespace();
  const values = {};
  const nodes = {};
  for (const { name, iec } of points) {
    const dataType = TYPES[iec];
    values[name] = iec === "BOOL" ? false : 0;
    nodes[name] = own.addVariable({
      organizedBy: space.rootFolder.objects,
      browseName: name,
      nodeId: `s=GVL.${name}`,
      dataType,
      minimumSamplingInterval: CYCLE_MS,
      value: {
        get: () => new Variant({ dataType, value: values[name] }),
        set: (variant) => {
          values[name] = variant.value;
          return StatusCodes.Good;
        },
      },
    });
  }
  await server.start();
  tell({ port: server.endpoints[0].port });

  const program = new Sorting(Number(settleMs));
  let told = "";
  setInterval(() => {
    Object.assign(values, program.scan(values));
    const now = JSON.stringify({ counts: program.counts });
    if (now !== told) process.stdout.write((told = now) + "\n");
  }, CYCLE_MS);
  process.stdin.on("end", () => server.shutdown(0).then(() => process.exit(0)));
}

const lines = readline.createInterface({ input: process.stdin });
lines.once("line", (line) =>
  serve(JSON.parse(line)).catch((error) => {
    tell({ error: String(error.stack) });
    process.exit(1);
  }),
);
