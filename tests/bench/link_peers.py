"""link_peers.py - what ./dev bench link compares Sluice with: iperf3 -u and udpcast."""
import json
import os
import subprocess
import time

from link_net import GATEWAY, OUTLET, Watch

# udpcast takes at most 1456 bytes in a datagram and 1024 blocks in a slice of 8 stripes.
UDPCAST_BLOCK, UDPCAST_STRIPE = 1456, 128


def iperf3(net, kit, payload, rate, seconds=2, extra=()):
    """One run over the pair with a way back.  {received, sent, lost} or None."""
    address = net.address("free0")
    port = str(20000 + os.getpid() % 10000)
    environment = dict(os.environ, LD_PRELOAD=f"{kit}/big_buffer.so")
    server = net.spawn(OUTLET, ["iperf3", "-s", "-1", "-p", port, "--forceflush"], env=environment,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for line in server.stdout:
        if "listening" in line:
            break
    client = net.spawn(GATEWAY, ["iperf3", "-c", address, "-p", port, "-u", "-b", str(rate), "-l",
                                 str(payload), "-w", "64M", "-t", str(seconds), "-J", *extra],
                       env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                       text=True)
    out = client.stdout.read()
    net.end(client, 10)
    net.end(server, 1)
    server.stdout.close()
    try:
        end = json.loads(out)["end"]
        lost = end["sum"]["lost_percent"] / 100
        sent = end["sum"]["bits_per_second"] / 1e6
        cpu = end["cpu_utilization_percent"]
    except (ValueError, KeyError):
        return None
    return {"received": sent * (1 - lost), "sent": sent, "lost": lost,
            "cpu_sender": cpu["host_total"], "cpu_receiver": cpu["remote_total"]}


def iperf3_options():
    """Every way of this version to hand the kernel many datagrams in one."""
    words = subprocess.run(["iperf3", "--help"], capture_output=True, text=True).stdout
    return [[flag] for flag in ("--gsro", "--gso") if flag in words][:1]


def udpcast(net, kit, source, into, rate, redundancy, seconds=60):
    """One file one way.  {intact, goodput, ...}; goodput only when it arrived."""
    port = str(30000 + os.getpid() % 10000 // 2 * 2)
    if os.path.exists(into):
        os.unlink(into)
    environment = dict(os.environ, LD_PRELOAD=f"{kit}/big_buffer.so")
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL,
             "stderr": subprocess.DEVNULL, "env": environment}
    device = net.device("link0")
    watch = Watch(net, f"{kit}/link_watch", "large", seconds=seconds)
    receiver = net.spawn(OUTLET, ["udp-receiver", "--file", into, "--interface", device,
                                  "--portbase", port, "--nokbd", "--no-progress", "--rcvbuf",
                                  "64M", "--start-timeout", "10", "--receive-timeout", "2",
                                  "--exit-wait", "0"], **quiet)
    before = net.sent(GATEWAY)[1]
    sender = net.spawn(GATEWAY, ["udp-sender", "--file", source, "--interface", device,
                                 "--portbase", port, "--nokbd", "--no-progress", "--async",
                                 "--fec", f"8x{redundancy}/{UDPCAST_STRIPE}", "--max-bitrate",
                                 f"{rate}k", "--mcast-data-address", net.address("link0"),
                                 "--autostart", "4", "--rexmit-hello-interval", "100",
                                 "--blocksize", str(UDPCAST_BLOCK)], **quiet)
    began = time.time()
    cpu_sender = net.end(sender, seconds)
    cpu_receiver = net.end(receiver, 5)
    wire = net.sent(GATEWAY)[1] - before
    first = watch.result()[0] or began
    size = os.path.getsize(source)
    intact = os.path.exists(into) and subprocess.run(
        ["cmp", "-s", source, into]).returncode == 0
    answer = {"intact": intact, "wire_ratio": wire / size, "cpu_sender": cpu_sender,
              "cpu_receiver": cpu_receiver}
    if intact:
        took = os.stat(into).st_mtime_ns / 1e9 - first
        answer |= {"goodput": size * 8 / took / 1e6, "seconds": took}
    return answer


def best_rate(works, most, steps):
    """The first of the steps down from `most` (Mbit/s) at which works(rate) holds, else the
    last one and False."""
    for step in steps:
        if works(most * step):
            return most * step, True
    return most * steps[-1], False
