"""link_net.py - two machines for ./dev bench link: network namespaces joined by veth pairs.

`link0` is one-way: whatever the outlet's end would send is dropped on its way out.  `free0` is
the same without the drop, for programs that need a way back.  Without the right to make
namespaces both ends are this machine's loopback: no loss, no MTU, nothing one-way.
"""
import os
import signal
import subprocess
import time

GATEWAY, OUTLET = "gateway", "outlet"
CPU = {GATEWAY: "0", OUTLET: "1"}
ETHERNET = 14
DEVICES = {"link0": "10.77.0", "free0": "10.77.1"}


def run(*argv, **options):
    return subprocess.run(argv, check=True, text=True, capture_output=True, **options).stdout


class Net:
    """Both ends; everything is gone after close(), whatever happened."""

    def __init__(self):
        self.space = {GATEWAY: f"slb{os.getpid()}g", OUTLET: f"slb{os.getpid()}o"}
        self.children = []
        self.real = True
        self.keeper = {}
        # Others' work on this machine must not decide who is faster.
        try:
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
            self.first = True
        except PermissionError:
            self.first = False
        try:
            self.make()
        except (subprocess.CalledProcessError, FileNotFoundError) as e:
            self.why = (getattr(e, "stderr", "") or str(e)).strip().splitlines()[-1:]
            self.remove()
            self.real = False

    def ip(self, side, *argv):
        return run("ip", "-n", self.space[side], *argv)

    def exec(self, side, *argv):
        return run("ip", "netns", "exec", self.space[side], *argv)

    def make(self):
        for side in self.space:
            run("ip", "netns", "add", self.space[side])
            self.exec(side, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1",
                      "net.ipv6.conf.default.disable_ipv6=1")
            self.ip(side, "link", "set", "lo", "up")
        for device, net in DEVICES.items():
            self.ip(GATEWAY, "link", "add", device, "type", "veth", "peer", "name", device,
                    "netns", self.space[OUTLET])
            for side, host in ((GATEWAY, 1), (OUTLET, 2)):
                self.ip(side, "addr", "add", f"{net}.{host}/24", "broadcast", f"{net}.255",
                        "dev", device)
                self.ip(side, "link", "set", device, "up")
        mac = self.exec(OUTLET, "cat", "/sys/class/net/link0/address").strip()
        # Nobody can answer the question who has this address.
        self.ip(GATEWAY, "neigh", "replace", self.address("link0"), "lladdr", mac, "dev",
                "link0", "nud", "permanent")
        if os.environ.get("LINK_RPS"):
            for device in DEVICES:
                self.exec(OUTLET, "sh", "-c",
                          f"echo 2 >/sys/class/net/{device}/queues/rx-0/rps_cpus")
        # Whose /proc shows the devices of an end without a program that must be started.
        for side in self.space:
            self.keeper[side] = subprocess.Popen(
                ["ip", "netns", "exec", self.space[side], "sleep", "1d"], start_new_session=True)
            self.children.append(self.keeper[side])
        self.loss("none")

    def address(self, device):
        return f"{DEVICES[device]}.2" if self.real else "127.0.0.1"

    def device(self, device):
        return device if self.real else "lo"

    def mtu(self, mtu):
        if self.real:
            for side in self.space:
                for device in DEVICES:
                    self.ip(side, "link", "set", device, "mtu", str(mtu))

    def offload(self, on):
        """Off: every datagram is a packet of its own on the device."""
        if self.real:
            for device in DEVICES:
                for side in self.space:
                    self.exec(side, "ethtool", "-K", device, "tx-udp-segmentation",
                              "on" if on else "off", "gso", "on" if on else "off", "gro", "off")

    def loss(self, kind, mtu=1500):
        """none, "5%" of the datagrams at random, or "burst": 50 ms of a gigabit at a time,
        4,166 datagrams of 1500 bytes (694 of 9000), 4 % of what passes."""
        if not self.real:
            return
        rule = ""
        if kind == "burst":
            n = 50_000 * 125 // mtu
            rule = f"numgen inc mod {25 * n} < {n} counter drop"
        elif kind != "none":
            rule = f"numgen random mod 1000 < {round(float(kind.rstrip('%')) * 10)} counter drop"
        rules = f"""
            table netdev bench
            delete table netdev bench
            table netdev bench {{
              chain out {{ type filter hook egress device "link0" priority 0; counter drop; }}
              chain in {{ type filter hook ingress device "link0" priority 0; {rule}
              }}
            }}"""
        run("ip", "netns", "exec", self.space[OUTLET], "nft", "-f", "-", input=rules)

    def sent(self, side, device="link0"):
        """Packets and bytes that left an end by a device so far; bytes without Ethernet."""
        if not self.real:
            return 0, 0
        with open(f"/proc/{self.keeper[side].pid}/net/dev", encoding="ascii") as f:
            line = next(line for line in f if line.strip().startswith(device + ":"))
        fields = line.split(":")[1].split()
        return int(fields[9]), int(fields[8]) - ETHERNET * int(fields[9])

    def spawn(self, side, argv, **options):
        where = ["ip", "netns", "exec", self.space[side]] if self.real else []
        child = subprocess.Popen([*where, "taskset", "-c", CPU[side], *argv],
                                 start_new_session=True, **options)
        self.children.append(child)
        return child

    def end(self, child, seconds=5):
        """Wait for a child, end it if it must be; seconds of processor time it took."""
        deadline = time.monotonic() + seconds
        while True:
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
            if pid != 0:
                break
            if time.monotonic() > deadline:
                os.killpg(child.pid, signal.SIGKILL)
                _, status, usage = os.wait4(child.pid, 0)
                break
            time.sleep(0.005)
        child.returncode = os.waitstatus_to_exitcode(status)
        self.children.remove(child)
        return usage.ru_utime + usage.ru_stime

    def remove(self):
        for space in self.space.values():
            subprocess.run(["ip", "netns", "del", space], capture_output=True)

    def close(self):
        for child in list(self.children):
            try:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
            except (ProcessLookupError, ChildProcessError):
                pass
        self.remove()


class Watch:
    """link_watch: when a transfer began, and when its last unit was whole."""

    def __init__(self, net, program, kind, directory="-", count=0, seconds=60):
        self.net = net
        # Before the receiver, whose processor it shares: a late look is a late time.
        first = ["chrt", "-r", "2"] if net.first else []
        self.child = net.spawn(OUTLET, [*first, program, net.device("link0"), kind, directory,
                                        str(count), str(seconds)],
                               stdout=subprocess.PIPE, text=True)
        if self.child.stdout.readline() != "ready\n":
            raise RuntimeError("link_watch does not start")

    def done(self):
        return self.child.poll() is not None

    def result(self):
        """First datagram and last unit as unix seconds, units, bytes."""
        if self.child.poll() is None:
            self.child.terminate()
        first, last, units, size = self.child.stdout.read().split()
        if self.child.returncode is None:
            self.child.wait()
        self.net.children.remove(self.child)
        return int(first) / 1e9, int(last) / 1e9, int(units), int(size)
