// A client of the twin's OPC UA server: node opcua.js MODE URL [USER PASSWORD]
// Prints one JSON document a line; the last one is {"done": true}.
"use strict";

const {
  AttributeIds,
  ClientSubscription,
  ClientMonitoredItem,
  DataType,
  MessageSecurityMode,
  OPCUAClient,
  SecurityPolicy,
  TimestampsToReturn,
  UserTokenType,
  Variant,
  VariantArrayType,
  installAlarmMonitoring,
} = require("node-opcua-client");

const [mode, url, user, password] = process.argv.slice(2);
const NAMESPACE = "urn:pilotline:twin";

const tell = (document) => process.stdout.write(JSON.stringify(document) + "\n");

async function connect(encrypted) {
  const client = OPCUAClient.create({
    endpointMustExist: false,
    securityMode: encrypted ? MessageSecurityMode.SignAndEncrypt : MessageSecurityMode.None,
    securityPolicy: encrypted ? SecurityPolicy.Basic256Sha256 : SecurityPolicy.None,
    connectionStrategy: { initialDelay: 100, maxRetry: 20, maxDelay: 500 },
  });
  await client.connect(url);
  const identity = user
    ? { type: UserTokenType.UserName, userName: user, password }
    : { type: UserTokenType.Anonymous };
  const session = await client.createSession(identity);
  const array = await session.readNamespaceArray();
  const index = array.indexOf(NAMESPACE);
  return { client, session, node: (path) => `ns=${index};s=${path}` };
}

async function names(session, node) {
  const result = await session.browse(node);
  return result.references.map((reference) => reference.browseName.name);
}

async function browse() {
  const { client, session, node } = await connect(false);
  tell({ objects: await names(session, "ObjectsFolder") });
  tell({ line: await names(session, node("small")) });
  tell({ asset: await names(session, node("small/weld_cell/weld")) });
  const value = await session.read({
    nodeId: node("small/weld_cell/weld/state"),
    attributeId: AttributeIds.Value,
  });
  const strings = await session.read({
    nodeId: node("small/weld_cell/weld/state/EnumStrings"),
    attributeId: AttributeIds.Value,
  });
  tell({
    value: value.value.value,
    type: DataType[value.value.dataType],
    status: value.statusCode.name,
    source: value.sourceTimestamp,
    strings: strings.value.value.map((text) => text.text),
  });
  const bad = await session.read({
    nodeId: node("small/pack/cycle_s"),
    attributeId: AttributeIds.Value,
  });
  tell({ bad: bad.statusCode.name, value: bad.value.value });
  const unit = await session.read({
    nodeId: node("small/pack/cycle_s/EngineeringUnits"),
    attributeId: AttributeIds.Value,
  });
  tell({ unit: unit.value.value.displayName.text, id: unit.value.value.unitId });
  await session.close();
  await client.disconnect();
}

async function subscribe() {
  const { client, session, node } = await connect(false);
  client.on("connection_reestablished", () => tell({ reestablished: true }));
  const subscription = ClientSubscription.create(session, {
    requestedPublishingInterval: 50,
    requestedLifetimeCount: 1000,
    requestedMaxKeepAliveCount: 10,
    publishingEnabled: true,
  });
  const item = ClientMonitoredItem.create(
    subscription,
    { nodeId: node("small/line/wip"), attributeId: AttributeIds.Value },
    { samplingInterval: 0, queueSize: 50, discardOldest: true },
    TimestampsToReturn.Both,
  );
  await new Promise((resolve) => {
    item.on("changed", (reading) => {
      const value = Number(reading.value.value[1] ?? reading.value.value);
      tell({ value });
      if (value === 99) resolve();
    });
  });
  await subscription.terminate();
  await session.close();
  await client.disconnect();
}

async function write() {
  const { client, session, node } = await connect(Boolean(user));
  const attempt = async (path, dataType, value) => {
    const status = await session.write({
      nodeId: node(path),
      attributeId: AttributeIds.Value,
      value: { value: new Variant({ dataType, arrayType: VariantArrayType.Scalar, value }) },
    });
    tell({ path, value, status: status.name });
  };
  await attempt("small/pack/speed_factor", DataType.Double, 2.5);
  await attempt("small/pack/speed_factor", DataType.Double, 50);
  await attempt("small/pack/speed_factor", DataType.String, "fast");
  await attempt("small/pack/made", DataType.Int64, [0, 5]);
  await session.close();
  await client.disconnect();
}

async function alarms() {
  const { client, session } = await connect(Boolean(user));
  const list = await installAlarmMonitoring(session);
  const seen = async (wanted) => {
    for (let i = 0; i < 200; i++) {
      const found = list.alarms().map((alarm) => [alarm, plain(alarm)]).find(([, s]) => wanted(s));
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("no such alarm: " + JSON.stringify(list.alarms().map(plain)));
  };
  const plain = (alarm) => ({
    active: alarm.fields.activeState.id.value,
    acked: alarm.fields.ackedState.id.value,
    confirmed: alarm.fields.confirmedState.id.value,
    retain: alarm.fields.retain.value,
    message: alarm.fields.message.value.text,
    severity: alarm.fields.severity.value,
  });
  const [standing, told] = await seen((s) => s.active && !s.acked);
  tell(told);
  const code = await session.acknowledgeCondition(
    standing.conditionId, standing.eventId, "seen by a foreign client",
  );
  tell({ status: code.name });
  if (code.name === "Good") tell((await seen((s) => s.acked))[1]);
  await session.close();
  await client.disconnect();
}

const modes = { browse, subscribe, write, alarms };
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
