// mutation.mjs - one byte of one file of a repository is changed, and two clients look at it.
//
//   node mutation.mjs MODULES TREE ROOT SLUICE-PULL WORK
//
// Every file of TREE in turn, at several places and by two bits.  For each change both
// clients start from ROOT and nothing else: sluice-pull as a whole, and tuf-js, which
// fetches the targets that sluice-pull needs.  Prints a table: how often both refused, both
// accepted, one alone refused.  Accepting is right only when all that was shown and fetched
// is what it was.  Ends with 1 when the clients differ where they may not, or wrong bytes
// got through.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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

// /N/PATH: the tree as change N makes it.
const changes = new Map();
const asked = new Set();
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

let targets = []; // that tuf-js fetches

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
      got.push(sha256(readFileSync(await updater.downloadTarget(info))));
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

// The hex digits of a signature: tuf-js reads capitals as the same signature, and a file whose
// digest nobody announced is then the same to it.  To sluice-pull one spelling is enough.
const spelling = ({ path, at, mask }) => {
  const text = files.get(path).toString('latin1');
  return path.startsWith('metadata/') && mask === 0x20 && /[a-f]/.test(text[at]) &&
    [...text.matchAll(/"sig":"[0-9a-f]+"/g)].some((m) => m.index < at && at < m.index + m[0].length);
};
// Where one alone may refuse: blobs are fetched by the digest in a manifest, and are no
// targets of TUF.
const mayDiffer = (job, our) => our.refused && (job.path.startsWith('blobs/') || spelling(job));

const jobs = [];
for (const [path, good] of files) {
  const last = good.length - 1;
  for (const [at, mask] of [[0, 1], [last >> 2, 1], [last >> 1, 1], [last, 1],
    [last >> 3, 0x20], [last - (last >> 3), 0x20]]) {
    if (last < 0) continue;
    const bytes = Buffer.from(good);
    bytes[at] ^= mask;
    jobs.push({ n: String(jobs.length + 1), path, at, mask, bytes });
  }
}
{
  const path = 'metadata/timestamp.json';
  const bytes = Buffer.from(files.get(path));
  const at = bytes.findIndex((_, i) => spelling({ path, at: i, mask: 0x20 }));
  bytes[at] ^= 0x20;
  jobs.push({ n: 'spelling', path, at, mask: 0x20, bytes });
}

const table = new Map();
const wrong = [];
function judge(job, our, their) {
  const row = table.get(job.path) ?? { refused: 0, accepted: 0, our: 0, their: 0 };
  const where = `${job.path} byte ${job.at} xor ${job.mask}`;
  table.set(job.path, row);
  // Refused or not: what is shown is what was signed, or nothing of it.
  if (our.refused ? false : our.saw !== goodOurs.saw) wrong.push(`${where}: sluice-pull shows other bytes`);
  if (!their.refused && their.saw !== goodTheirs.saw) wrong.push(`${where}: tuf-js fetched other bytes`);
  if (our.refused && their.refused) row.refused++;
  else if (!our.refused && !their.refused) row.accepted++;
  else if (our.refused) row.our++;
  else row.their++;
  if (our.refused !== their.refused && !mayDiffer(job, our))
    wrong.push(`${where}: only ${our.refused ? 'sluice-pull' : 'tuf-js'} refuses`);
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

console.log('both refuse  both accept  only sluice-pull  only tuf-js  file');
for (const [path, r] of [...table].sort())
  console.log([r.refused, r.accepted, r.our, r.their].map((v) => String(v).padStart(11)).join('  ') + `  ${path}`);
for (const line of wrong) console.error(`WRONG: ${line}`);
process.exit(wrong.length > 0 ? 1 : 0);
