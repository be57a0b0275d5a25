// mutation.mjs - one file of a repository is not what it was, and two clients look at it.
//
//   node mutation.mjs MODULES TREE ROOT SLUICE-PULL WORK
//
// Every file of TREE in turn: one byte changed at several places, one removed, a line end
// appended, nothing left of it, the file gone.  For each change both sides start from ROOT and
// nothing else: sluice-pull as a whole, and what docs/verify-by-hand.md has anybody do with
// tuf-js and a SHA-256: the targets that sluice-pull needs, and each file that a manifest
// names.  Prints a table: how often both refused and both accepted.  Ends with 1 when their
// verdicts differ anywhere, or when accepting showed other bytes than the unchanged tree.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';

const [modules, tree, root, pull, work] = process.argv.slice(2);
const { Updater } = createRequire(join(modules, 'x.js'))('tuf-js');
const run = promisify(execFile);
const AT_ONCE = 2;

const walk = (dir) =>
  readdirSync(dir, { withFileTypes: true }).flatMap((e) =>
    e.isDirectory() ? walk(join(dir, e.name)) : [join(dir, e.name)]);
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const files = new Map(walk(tree).map((f) => [relative(tree, f), readFileSync(f)]));

// /N/PATH: the tree as change N makes it; bytes of undefined are a file that is gone.
const changes = new Map();
const asked = new Set(); // of the tree as it is
const server = createServer((request, response) => {
  const [, n, ...rest] = decodeURIComponent(request.url).split('/');
  const path = rest.join('/');
  if (n === '0') asked.add(path);
  const change = changes.get(n);
  const bytes = change?.path === path ? change.bytes : files.get(path);
  response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const base = `http://127.0.0.1:${server.address().port}`;

// What a platform shows, as one digest.
const shown = (into) => {
  const list = [];
  try {
    for (const id of readdirSync(join(into, 'live')).sort()) {
      const dir = join(into, 'live', id);
      list.push(...walk(join(dir, 'files')), join(dir, 'manifest.json'));
    }
  } catch {
    return 'nothing';
  }
  return sha256(list.map((f) => `${relative(into, f)} ${sha256(readFileSync(f))}\n`).join(''));
};

let targets = []; // that the other side fetches

async function ours(n) {
  const into = join(work, n, 'site');
  const args = ['--from', `${base}/${n}`, '--trust', root, '--into', into, '--once', '--json'];
  let refused = false;
  try {
    await run(pull, args);
  } catch (error) {
    if (![1, 3].includes(error.code)) throw error;
    refused = true;
  }
  return { refused, saw: shown(into) };
}

async function blob({ sha256: digest, length }, n) {
  const response = await fetch(`${base}/${n}/blobs/${digest.slice(0, 2)}/${digest}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  if (!response.ok || bytes.length !== length || sha256(bytes) !== digest)
    throw new Error(`blob ${digest}`);
  return digest;
}

async function theirs(n) {
  const state = join(work, n, 'js');
  mkdirSync(join(state, 'targets'), { recursive: true });
  copyFileSync(root, join(state, 'root.json'));
  const got = [];
  try {
    const updater = new Updater({
      metadataDir: state,
      metadataBaseUrl: `${base}/${n}/metadata`,
      targetDir: join(state, 'targets'),
      targetBaseUrl: `${base}/${n}/targets`,
      config: { fetchRetries: 0 },
    });
    await updater.refresh();
    for (const name of targets) {
      const info = await updater.getTargetInfo(name);
      if (info === undefined) throw new Error(`no ${name}`);
      const bytes = readFileSync(await updater.downloadTarget(info));
      got.push(sha256(bytes));
      if (name.endsWith('/manifest.json'))
        for (const file of JSON.parse(bytes).blobs) got.push(await blob(file, n));
    }
  } catch {
    return { refused: true };
  }
  return { refused: false, saw: got.join() };
}

async function look(n) {
  const both = [await ours(n), await theirs(n)];
  rmSync(join(work, n), { recursive: true, force: true });
  return both;
}

await ours('0');
rmSync(work, { recursive: true });
targets = [...asked]
  .filter((path) => path.startsWith('targets/') && files.has(path))
  .map((path) => path.replace(/^targets\//, '').replace(/[0-9a-f]{64}\./, ''));
const [goodOurs, goodTheirs] = await look('0');
if (goodOurs.refused || goodTheirs.refused || goodOurs.saw === 'nothing') {
  console.error('the repository as it is should be accepted by both');
  process.exit(1);
}

const jobs = [];
const add = (path, what, bytes) => jobs.push({ n: String(jobs.length + 1), path, what, bytes });
const change = (path, at, mask) => {
  const bytes = Buffer.from(files.get(path));
  bytes[at] ^= mask;
  add(path, `byte ${at} xor ${mask}`, bytes);
};
for (const [path, good] of files) {
  const last = good.length - 1;
  if (last < 0) throw new Error(`${path} is empty`);
  add(path, 'missing', undefined);
  change(path, last >> 1, 1);
  // Neither asks for it, so nothing else that it could hold can make a difference.
  if (!asked.has(path)) continue;
  for (const [at, mask] of [[0, 1], [last >> 2, 1], [last, 1], [last >> 3, 0x20],
    [last - (last >> 3), 0x20]])
    change(path, at, mask);
  const at = (5 * last) >> 3;
  add(path, `byte ${at} removed`, Buffer.concat([good.subarray(0, at), good.subarray(at + 1)]));
  add(path, 'line end appended', Buffer.concat([good, Buffer.from('\n')]));
  add(path, 'emptied', Buffer.alloc(0));
}
// In files whose digest no other file announces the list of signatures may change: a signature
// in other letters, one that is broken, one under a name that is no key's, a blank beside it.
for (const [path, good] of files) {
  if (!asked.has(path) || !/^metadata\/(timestamp|\d+\.root)\.json$/.test(path)) continue;
  const text = good.toString('latin1');
  const first = (pattern) => text.search(pattern) + text.match(pattern)[0].length - 1;
  change(path, first(/"sig":"[0-9]*[a-f]/), 0x20);
  change(path, first(/"sig":"[0-9]*[a-f]/), 1);
  change(path, first(/"keyid":"[0-9]*[a-f]/), 0x20);
  change(path, first(/"keyid":"[0-9]*[a-f]/), 0x10);
  change(path, first(/"sig"/), 1);
  add(path, 'a blank before signed', Buffer.from(text.replace('"signed"', ' "signed"'), 'latin1'));
}

const table = new Map();
const wrong = [];
function judge({ path, what }, our, their) {
  const row = table.get(path) ?? { refused: 0, accepted: 0 };
  table.set(path, row);
  // Refused or not: what is shown is what was signed, or nothing of it.
  if (!our.refused && our.saw !== goodOurs.saw)
    wrong.push(`${path} ${what}: sluice-pull shows other bytes`);
  if (!their.refused && their.saw !== goodTheirs.saw)
    wrong.push(`${path} ${what}: tuf-js fetched other bytes`);
  if (our.refused !== their.refused)
    wrong.push(`${path} ${what}: only ${our.refused ? 'sluice-pull' : 'tuf-js'} refuses`);
  else if (our.refused) row.refused++;
  else row.accepted++;
}
async function worker() {
  for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
    changes.set(job.n, job);
    const [our, their] = await look(job.n);
    changes.delete(job.n);
    judge(job, our, their);
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, worker));
server.close();

console.log('both refuse  both accept  file');
for (const [path, r] of [...table].sort())
  console.log([r.refused, r.accepted].map((v) => String(v).padStart(11)).join('  ') + `  ${path}`);
for (const line of wrong) console.error(`WRONG: ${line}`);
process.exit(wrong.length > 0 ? 1 : 0);
