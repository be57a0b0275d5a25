"""link_sluice.py - the real sluice-sender and sluice-receiver between the two ends of link_net.py.

Each run has directories, keys and configuration of its own; units are random bytes, as sealed
ones are.  Nothing of the gateway or the outlet but these two programs runs.
"""
import os
import shutil
import signal
import subprocess
import time

from link_net import GATEWAY, OUTLET, Watch

PORT = 8481
# A unit that waits for nothing is through long before; what was lost will not come by itself.
IDLE_SECONDS, LOOPBACK_IDLE_SECONDS = 0.5, 2


def make_units(into, size, count):
    """`count` files of `size` random bytes, made once."""
    folder = f"{into}/{size}x{count}"
    if not os.path.isdir(folder):
        os.makedirs(f"{folder}.part")
        for i in range(count):
            with open(f"{folder}.part/{i + 1:020d}.5.unit", "wb") as f:
                f.write(os.urandom(size))
        os.rename(f"{folder}.part", folder)
    return folder


class Sluice:
    def __init__(self, net, bin_dir, kit, trial):
        """`trial`: a folder that sluice-keys demo-set wrote."""
        self.net, self.bin, self.kit, self.trial = net, bin_dir, kit, trial
        self.mac_key = f"{trial}/keys/link-mac"
        if not os.path.exists(self.mac_key):
            subprocess.run([f"{bin_dir}/sluice-keys", "generate", "--use", "link-mac", "--out",
                            self.mac_key, "--no-passphrase"], check=True, capture_output=True)

    def configure(self, name, data, link):
        """The trial's file with another place for data and another way over the link."""
        out, skipping = [], False
        with open(f"{self.trial}/{name}.yaml", encoding="utf-8") as f:
            for line in f:
                if line.startswith("data:"):
                    line = f'data: "{data}"\n'
                if not line.startswith(" "):
                    skipping = False
                if skipping and line.split(":")[0].strip() in (
                        "mode", "url", "directory", "ca", "certificate", "address", "listen",
                        "mac_key", "mac_keys", "rate", "mtu", "loss", "repeat"):
                    continue
                out.append(line)
                if line.startswith("link:"):
                    out += [f"  {key}: {value}\n" for key, value in link.items()]
                    skipping = True
        path = f"{data}.yaml"
        with open(path, "w", encoding="utf-8") as f:
            f.write("".join(out))
        return path

    def start(self, side, program, config, log):
        """Start a role and wait until it says that it is ready."""
        read, write = os.pipe()
        with open(log, "wb") as out:
            child = self.net.spawn(
                side, ["sh", "-c", f'exec 3>&{write}; exec "$0" --config "$1"',
                       f"{self.bin}/../libexec/sluice/{program}", config],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, pass_fds=[write])
        os.close(write)
        with os.fdopen(read) as said:
            line = said.readline()
        if not line.startswith("ready"):
            with open(log, encoding="utf-8", errors="replace") as f:
                raise RuntimeError(f"{program}: {line.strip()} {f.read()[-2000:]}")
        return child

    def cpu(self, child):
        """Seconds on a processor of all its threads so far."""
        total = 0
        for task in os.listdir(f"/proc/{child.pid}/task"):
            with open(f"/proc/{child.pid}/task/{task}/schedstat", encoding="ascii") as f:
                total += int(f.read().split()[0])
        return total / 1e9

    def wait(self, watch, quarantine, seconds):
        """Until all is there, or for a while nothing but heartbeats was sent and no unit came."""
        deadline = time.monotonic() + seconds
        moved, last, whole = time.monotonic(), -1, 0
        idle = IDLE_SECONDS if self.net.real else LOOPBACK_IDLE_SECONDS
        while not watch.done() and time.monotonic() < deadline:
            time.sleep(0.05)
            packets = self.net.sent(GATEWAY)[0]
            if packets - last > 2:
                moved, last = time.monotonic(), packets
            if time.monotonic() - moved > idle:
                before, whole = whole, len(os.listdir(quarantine))
                if whole == before:
                    break
                moved = time.monotonic()

    def run(self, folder, mtu, rate, loss=3, offload=True, repeat="[never]", seconds=60):
        """Send every unit of `folder` at `rate` Mbit/s.  What arrived, how fast, at what cost."""
        names = sorted(os.listdir(folder))
        base = f"{self.trial}/run"
        shutil.rmtree(base, ignore_errors=True)
        sides = {GATEWAY: f"{base}/gateway", OUTLET: f"{base}/outlet"}
        for data in sides.values():
            os.makedirs(data)
        os.makedirs(f"{sides[OUTLET]}/quarantine", mode=0o700)
        address = f"{self.net.address('link0')}:{PORT}"
        gateway = self.configure("gateway", sides[GATEWAY], {
            "mode": "udp", "address": f'"{address}"', "mac_key": f'"{self.mac_key}"',
            "rate": f"{rate:.0f}Mbit", "mtu": mtu, "loss": loss, "repeat": repeat,
            "no_offload": "false" if offload else "true"})
        outlet = self.configure("outlet", sides[OUTLET], {
            "mode": "udp", "listen": f'"{address}"', "mac_keys": f'["{self.mac_key}"]'})
        receiver = self.start(OUTLET, "sluice-receiver", outlet, f"{base}/receiver.log")
        sender = self.start(GATEWAY, "sluice-sender", gateway, f"{base}/sender.log")
        staged = f"{sides[GATEWAY]}/staged"
        os.makedirs(staged)
        for name in names:
            os.link(f"{folder}/{name}", f"{staged}/{name}")
        watch = Watch(self.net, f"{self.kit}/link_watch", "symbol",
                      f"{sides[OUTLET]}/quarantine", len(names), int(seconds) + 5)
        before = self.cpu(sender), self.cpu(receiver), self.net.sent(GATEWAY)[1]
        back = self.net.sent(OUTLET)[0]
        handed = time.time()
        for name in names:
            os.rename(f"{staged}/{name}", f"{sides[GATEWAY]}/outbox/{name}")
        self.wait(watch, f"{sides[OUTLET]}/quarantine", seconds)
        first, last, units, size = watch.result()
        answer = {
            "units": units, "of": len(names), "intact": units == len(names),
            "cpu_sender": self.cpu(sender) - before[0],
            "cpu_receiver": self.cpu(receiver) - before[1],
            "wire": self.net.sent(GATEWAY)[1] - before[2],
            "back": self.net.sent(OUTLET)[0] - back}
        first = first or handed
        if units > 0:
            answer |= {"seconds": last - first, "goodput": size * 8 / (last - first) / 1e6,
                       "from_outbox": last - handed, "wire_ratio": answer["wire"] / size}
        answer["intact"] = answer["intact"] and self.same(folder, f"{sides[OUTLET]}/quarantine")
        for child in (sender, receiver):
            os.kill(child.pid, signal.SIGTERM)
            self.net.end(child)
        shutil.rmtree(base, ignore_errors=True)
        return answer

    @staticmethod
    def same(folder, quarantine):
        return subprocess.run(["diff", "-rq", folder, quarantine],
                              capture_output=True).returncode == 0
