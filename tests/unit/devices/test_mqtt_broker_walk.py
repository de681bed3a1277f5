"""The embedded broker's subscriptions may change while the library walks over them."""

from devices.mqtt.broker import BrokerOptions, EmbeddedBroker


async def test_a_walk_outlives_a_change(unused_tcp_port_factory) -> None:
    broker = EmbeddedBroker(BrokerOptions("127.0.0.1", unused_tcp_port_factory()))
    await broker.start()
    try:
        subscriptions = broker._broker._subscriptions
        subscriptions.update(a=[], b=[])
        for topic in subscriptions:
            subscriptions[f"{topic}/more"] = []
        for topic, held in subscriptions.items():
            assert held == []
            del subscriptions[topic]
        assert not subscriptions
    finally:
        await broker.stop()
