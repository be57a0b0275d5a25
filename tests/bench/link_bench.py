"""link_bench.py BIN KIT TRIAL RESULTS - goodput of the one-way link beside iperf3 and udpcast.

BIN has the programs, KIT link_watch and big_buffer.so, TRIAL is a folder that sluice-keys
demo-set wrote; JSON lines are added to RESULTS.  What is compared is run in turns, LINK_ROUNDS
times, and the middle value counts.  LINK_MTU and LINK_SIZES (words) choose fewer cases.
"""
import json
import os
import platform
import subprocess
import sys
from statistics import median

import link_peers
from link_net import Net
from link_sluice import Sluice, make_units

ROUNDS = int(os.environ.get("LINK_ROUNDS", "3"))
MTUS = [int(m) for m in os.environ.get("LINK_MTU", "1500 9000").split()]
SIZES = {"4KiB": (4096, 2000), "100KB": (100_000, 300), "1MB": (1_000_000, 60),
         "100MB": (100_000_000, 1)}
CHOSEN = os.environ.get("LINK_SIZES", " ".join(SIZES)).split()
IP_UDP = 28
# case: device segments nothing itself (GSO), link.no_offload, loss, link.loss.
CASES = {
    "offload": (True, True, "none", 3),
    "segmented": (False, True, "none", 3),
    "no_offload": (False, False, "none", 3),
    "loss 1%": (False, True, "1%", 3),
    "loss 5%": (False, True, "5%", 3),
    "loss 5%, more repair": (False, True, "5%", 5),
    "bursts": (False, True, "burst", 3),
}
# udpcast: case -> loss, repair packets for 128.
UDPCAST = {"none": ("none", 13), "1%": ("1%", 13), "5%": ("5%", 13), "5%+": ("5%", 19),
           "burst": ("burst", 13)}
STEPS_DOWN = (1, 0.8, 0.65, 0.5, 0.35, 0.25, 0.17, 0.12, 0.06)
UDPCAST_MOST = 2100  # Mbit/s: beyond that its number overflows


def version(*argv):
    out = subprocess.run(argv, capture_output=True, text=True)
    return (out.stdout or out.stderr).strip().splitlines()[0]


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        cpu = next(line.split(":")[1].strip() for line in f if line.startswith("model name"))
    packages = version("dpkg-query", "-W", "-f", "${Package} ${Version}  ", "iperf3", "udpcast")
    print(f"{os.cpu_count()} x {cpu}, Linux {platform.release()}, {packages}", flush=True)


def cases(net):
    """Loopback loses nothing and segments nothing."""
    return {case: what for case, what in CASES.items()
            if net.real or (what[2] == "none" and case != "segmented")}


class Bench:
    def __init__(self, net, bin_dir, kit, trial, results):
        self.net, self.kit, self.trial, self.results = net, kit, trial, results
        self.sluice = Sluice(net, bin_dir, kit, trial)
        self.lines = []
        self.file = f"{trial}/udpcast.in"
        with open(self.file, "wb") as f:
            f.write(os.urandom(100_000_000))

    # One run of each program.

    def set(self, offload, loss, mtu):
        self.net.offload(offload)
        self.net.loss(loss, mtu)

    def run_sluice(self, mtu, size, case, rate):
        device, program, loss, planned = CASES[case]
        self.set(device, loss, mtu)
        folder = make_units(f"{self.trial}/units", *SIZES[size])
        return self.sluice.run(folder, mtu, rate, planned, program)

    def run_udpcast(self, mtu, case, rate):
        loss, redundancy = UDPCAST[case]
        self.set(False, loss, mtu)
        return link_peers.udpcast(self.net, self.kit, self.file, f"{self.trial}/udpcast.out",
                                  round(rate * 1000), redundancy)

    def run_iperf3(self, mtu, rate=0, extra=()):
        self.set(True, "none", mtu)
        return link_peers.iperf3(self.net, self.kit, mtu - IP_UDP,
                                 f"{rate:.0f}M" if rate else 0, extra=extra)

    # The rate of each.

    def clean_rate_of_iperf3(self, mtu, most):
        """The highest rate at which less than a thousandth is lost."""
        def works(rate):
            got = self.run_iperf3(mtu, rate)
            return got is not None and got["lost"] < 0.001
        return link_peers.best_rate(works, most, (1, 0.95, 0.9, 0.8, 0.7, 0.5))[0]

    def rates_of_udpcast(self, mtu):
        def works(case):
            return lambda rate: self.run_udpcast(mtu, case, rate)["intact"]
        rates = {}
        for case in UDPCAST if self.net.real else ["none"]:
            start = rates.get("none", UDPCAST_MOST)
            rate, found = link_peers.best_rate(
                works(case), start, STEPS_DOWN if case == "none" else STEPS_DOWN[:3])
            rates[case] = rate if found else start
        return rates

    def rates_of_sluice(self, mtu, most):
        rates = {}
        for case, (_, _, loss, _) in cases(self.net).items():
            for size in CHOSEN:
                if loss != "none":  # losing more must not be cured by going slower
                    rates[case, size] = rates["segmented", size] * 0.9
                    continue
                rates[case, size] = link_peers.best_rate(
                    lambda rate, case=case, size=size:
                    self.run_sluice(mtu, size, case, rate)["intact"], 2 * most, STEPS_DOWN)[0]
        return rates

    # All in turns, and what is said about it.

    def measure(self, mtu):
        self.net.mtu(mtu)
        most = max(self.run_iperf3(mtu)["received"] for _ in range(2))
        clean = self.clean_rate_of_iperf3(mtu, most)
        offloads = link_peers.iperf3_options()
        udpcast = self.rates_of_udpcast(mtu)
        sluice = self.rates_of_sluice(mtu, most)
        got = {}

        def add(key, value):
            if value is not None:
                got.setdefault(key, []).append(value)
        for _ in range(ROUNDS):
            add("iperf3", self.run_iperf3(mtu))
            add("iperf3 clean", self.run_iperf3(mtu, clean))
            for extra in offloads:
                add("iperf3 offload", self.run_iperf3(mtu, 0, extra))
            for case, rate in udpcast.items():
                add(("udpcast", case), self.run_udpcast(mtu, case, rate))
            for (case, size), rate in sluice.items():
                add((case, size), self.run_sluice(mtu, size, case, rate))
        self.say_peers(mtu, got, udpcast)
        self.say_sluice(mtu, got, udpcast, sluice)

    @staticmethod
    def middle(runs, name):
        values = [run[name] for run in runs if run.get(name) is not None]
        return median(values) if values else 0

    def record(self, line):
        where = {} if self.net.real else {"loopback": True}
        self.lines.append(json.dumps({"part": "link", **line, **where,
                                      "load": round(os.getloadavg()[0], 1)}))

    def say_peers(self, mtu, got, rates):
        print(f"\nMTU {mtu}: peers (Mbit/s of contents, middle of {ROUNDS})")
        for name in ("iperf3", "iperf3 clean", "iperf3 offload"):
            runs = got.get(name, [])
            if not runs:
                continue
            rate, lost = self.middle(runs, "received"), self.middle(runs, "lost")
            print(f"  {name:<28} {rate:>9.0f}   lost {100 * lost:.3f} %   core of the sender "
                  f"{self.middle(runs, 'cpu_sender'):.0f} %, of the receiver "
                  f"{self.middle(runs, 'cpu_receiver'):.0f} %")
            self.record({"case": name, "mtu": mtu, "payload": mtu - IP_UDP,
                         "goodput_mbit": round(rate), "lost": round(lost, 5),
                         "core_sender": round(self.middle(runs, "cpu_sender")),
                         "core_receiver": round(self.middle(runs, "cpu_receiver"))})
        for case, rate in rates.items():
            runs = got["udpcast", case]
            whole = [run for run in runs if run["intact"]]
            line = self.shape(whole or runs, 0.1)
            line |= {"case": "udpcast", "mtu": mtu, "payload": link_peers.UDPCAST_BLOCK,
                     "rate": round(rate), "loss": UDPCAST[case][0],
                     "repair": round(UDPCAST[case][1] / link_peers.UDPCAST_STRIPE, 3),
                     "arrived": f"{len(whole)}/{len(runs)}"}
            print(f"  udpcast, loss {line['loss']:<5} repair {100 * line['repair']:.0f} %"
                  f"{line['goodput_mbit']:>12}   arrived {line['arrived']}   "
                  f"on the wire {line['wire_ratio']:.2f}")
            self.record(line)

    def shape(self, runs, gigabytes):
        """What is said of every kind of run; gigabytes: contents of one."""
        seconds = self.middle(runs, "seconds")
        line = {"goodput_mbit": round(self.middle(runs, "goodput")),
                "wire_ratio": round(self.middle(runs, "wire_ratio"), 3)}
        for side in ("sender", "receiver"):
            cpu = self.middle(runs, f"cpu_{side}")
            line[f"cpu_{side}"] = round(cpu / gigabytes, 2)
            line[f"core_{side}"] = round(100 * cpu / seconds) if seconds else 0
        return line

    def say_sluice(self, mtu, got, udpcast, rates):
        iperf3 = self.middle(got["iperf3"], "received")
        clean = self.middle(got.get("iperf3 clean", []), "received")
        print(f"\nMTU {mtu}: Sluice (Mbit/s of units whole in the quarantine, middle of "
              f"{ROUNDS}; processor in seconds for a GB)")
        print(f"  {'':<22}{'size':>6}{'rate':>8}{'goodput':>9}{'iperf3':>8}{'udpcast':>9}"
              f"{'arrived':>12}{'wire':>6}{'send':>7}{'recv':>7}")
        for (case, size), rate in rates.items():
            runs = got[case, size]
            loss, planned = CASES[case][2:]
            peer_case = f"{loss}+" if planned > 3 else loss
            peer = [run for run in got["udpcast", peer_case] if run["intact"]]
            peer_mbit = self.middle(peer, "goodput") if size == "100MB" else 0
            units, of = sum(run["units"] for run in runs), sum(run["of"] for run in runs)
            line = self.shape([run for run in runs if run["intact"]] or runs,
                              SIZES[size][0] * SIZES[size][1] / 1e9)
            line = {"case": case, "mtu": mtu, "size": SIZES[size][0], "rate": round(rate),
                    "loss": loss, "planned_loss": planned} | line | {
                "arrived": f"{units}/{of}", "iperf3_mbit": round(iperf3),
                "iperf3_clean_mbit": round(clean),
                "ratio_iperf3": round(line["goodput_mbit"] / iperf3, 3),
                "udpcast_mbit": round(peer_mbit) if size == "100MB" else None,
                "ratio_udpcast": round(line["goodput_mbit"] / peer_mbit, 2) if peer_mbit else None,
                "returned": sum(run["back"] for run in runs),
                "seconds_from_outbox": round(self.middle(runs, "from_outbox"), 4)}
            beside = f"{line['ratio_udpcast']:.1f}x" if peer_mbit else "-"
            print(f"  {case:<22}{size:>6}{line['rate']:>8}{line['goodput_mbit']:>9}"
                  f"{100 * line['ratio_iperf3']:>7.0f}%{beside:>9}{line['arrived']:>12}"
                  f"{line['wire_ratio']:>6.2f}{line['cpu_sender']:>7.2f}"
                  f"{line['cpu_receiver']:>7.2f}", flush=True)
            self.record(line)

    def end(self):
        with open(self.results, "a", encoding="utf-8") as f:
            f.writelines(line + "\n" for line in self.lines)


def main():
    net = Net()
    machine()
    if not net.real:
        print("namespaces cannot be made here (" + " ".join(net.why) +
              "): all over loopback, without loss, MTU or one-way device")
    try:
        bench = Bench(net, *sys.argv[1:])
        for mtu in MTUS:
            bench.measure(mtu)
        bench.end()
    finally:
        net.close()


if __name__ == "__main__":
    main()
