// SPDX-License-Identifier: Apache-2.0
//
// A data channel of a Chromium without a window, driven by lines of JSON as "icepath peer" is. The page and this program talk over HTTP on
// the loopback interface: what the page says is posted, what it is told is the answer to a question that waits. DTLS is never completed,
// so there is no data; what ICE does is read from the browser's statistics.

import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {parseArgs} from 'node:util';

const {values} = parseArgs({
  options: {
    controlling: {type: 'boolean', default: false},
    controlled: {type: 'boolean', default: false},
    trickle: {type: 'boolean', default: false},
    turn: {type: 'string'},
  },
});

function servers() {
  if (!values.turn) {
    return [];
  }
  const [host, port, username, credential] = values.turn.split(':');
  return [{urls: `turn:${host}:${port}?transport=udp`, username, credential}];
}

const settings = {controlling: values.controlling, trickle: values.trickle, iceServers: servers()};
const script = readFileSync(new URL('chromium-page.js', import.meta.url), 'utf8');
const commands = [];
let question = null;

function answerNow() {
  if (question && commands.length > 0) {
    question.end(commands.shift());
    question = null;
  }
}

const server = createServer((request, response) => {
  if (request.url === '/next') {
    question = response;
    response.on('close', () => {
      if (question === response) {
        question = null;
      }
    });
    answerNow();
  } else if (request.url === '/said') {
    let text = '';
    request.on('data', (part) => { text += part; });
    request.on('end', () => {
      process.stdout.write(`${text}\n`);
      response.end();
    });
  } else {
    response.setHeader('Content-Type', 'text/html');
    response.end(`<!doctype html><title>peer</title><script>const settings = ${JSON.stringify(settings)};\n${script}</script>`);
  }
});

const profile = mkdtempSync(join(tmpdir(), 'icepath-chromium-'));
let browser = null;

function end(status) {
  try {
    process.kill(-browser.pid, 'SIGKILL');
    rmSync(profile, {recursive: true, force: true, maxRetries: 10, retryDelay: 20});
  } catch {
    // what is left of it harms nobody
  }
  process.exit(status);
}

// an idle connection that is closed while the page asks would lose a command
server.keepAliveTimeout = 0;
server.requestTimeout = 0;
server.listen(0, '127.0.0.1', () => {
  browser = spawn('chromium', [
    '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--disable-extensions',
    '--disable-background-networking', '--disable-component-update', '--disable-sync', '--mute-audio',
    '--disable-background-timer-throttling', '--disable-renderer-backgrounding',
    '--disable-features=WebRtcHideLocalIpsWithMdns,OptimizationHints,MediaRouter,Translate',
    `--user-data-dir=${profile}`, `http://127.0.0.1:${server.address().port}/`,
  ], {stdio: 'ignore', detached: true});
  browser.on('exit', () => end(1));
});

const lines = createInterface({input: process.stdin});
lines.on('line', (line) => {
  if (JSON.parse(line).cmd === 'close') {
    end(0);
  }
  commands.push(line);
  answerNow();
});
lines.on('close', () => end(0));
process.on('SIGTERM', () => end(0));
