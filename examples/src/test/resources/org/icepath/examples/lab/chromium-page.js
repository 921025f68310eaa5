// SPDX-License-Identifier: Apache-2.0
//
// What runs in the page of chromium-peer.mjs, which puts "settings" before it. Offers and answers have one data channel, and of a
// description only its ICE part is true: the fingerprint is nobody's.

const connection = new RTCPeerConnection({iceServers: settings.iceServers, bundlePolicy: 'max-bundle'});
const POLL_MILLISECONDS = 20;
const FINGERPRINT = Array(32).fill('1C').join(':');

// a browser gives up what it asks when an interface gets another address, which ours do in their first seconds
async function ask(path, body) {
  for (;;) {
    try {
      return await (await fetch(path, {method: 'POST', cache: 'no-store', body})).text();
    } catch (lost) {
      await new Promise((again) => setTimeout(again, POLL_MILLISECONDS));
    }
  }
}

let speech = Promise.resolve();
function say(event) {
  speech = speech.then(() => ask('/said', JSON.stringify(event)));
}

function described(command, type) {
  const option = (name, given) => (given ? [name] : []);
  return {
    type,
    sdp: [
      'v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0', 'a=group:BUNDLE 0',
      ...option('a=ice-lite', command.lite),
      'm=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'c=IN IP4 0.0.0.0', 'a=mid:0', 'a=sctp-port:5000',
      `a=ice-ufrag:${command.ufrag}`, `a=ice-pwd:${command.pwd}`,
      ...option('a=ice-options:trickle', command.end === false),
      `a=fingerprint:sha-256 ${FINGERPRINT}`, `a=setup:${type === 'offer' ? 'actpass' : 'passive'}`,
      ...command.candidates.map((line) => `a=${line}`),
      ...option('a=end-of-candidates', command.end !== false),
      '',
    ].join('\r\n'),
  };
}

function found(sdp, pattern) {
  return [...sdp.matchAll(pattern)].map((match) => match[1]);
}

let told = false;
let gathered = false;

function tellDescription() {
  const sdp = connection.localDescription.sdp;
  told = true;
  say({
    event: 'local',
    ufrag: found(sdp, /^a=ice-ufrag:(\S+)/gm)[0],
    pwd: found(sdp, /^a=ice-pwd:(\S+)/gm)[0],
    candidates: found(sdp, /^a=(candidate:.*?)\r?$/gm),
    end: gathered,
    data: false,
  });
}

// with trickling at once, else when all is gathered; a restart gathers anew, and the state says so only later
async function describe(description) {
  told = false;
  gathered = false;
  await connection.setLocalDescription(description);
  if (settings.trickle || gathered) {
    tellDescription();
  }
}

connection.addEventListener('icecandidate', ({candidate}) => {
  if (candidate?.candidate) {
    if (settings.trickle && told) {
      say({event: 'candidate', candidate: candidate.candidate});
    }
  } else if (!candidate) {
    gathered = true;
    if (!told && connection.localDescription) {
      tellDescription();
    } else if (settings.trickle) {
      say({event: 'end-of-candidates'});
    }
  }
});
connection.addEventListener('iceconnectionstatechange', () => {
  say({event: 'state', state: connection.iceConnectionState});
});

async function remote(command) {
  if (connection.signalingState === 'have-local-offer') {
    await connection.setRemoteDescription(described(command, 'answer'));
  } else {
    await connection.setRemoteDescription(described(command, 'offer'));
    await describe(await connection.createAnswer());
  }
}

const obeyed = {
  remote,
  candidate: (command) => connection.addIceCandidate({candidate: command.candidate, sdpMid: '0'}),
  'end-of-candidates': () => connection.addIceCandidate({candidate: '', sdpMid: '0'}),
  restart: async () => {
    connection.restartIce();
    await describe(await connection.createOffer());
  },
};

function text(candidate) {
  return `candidate:${candidate.foundation} 1 udp ${candidate.priority} ${candidate.address} ${candidate.port}`
    + ` typ ${candidate.candidateType}`;
}

// tells of each pair that the browser moves to, with the username fragments of its candidates: they show the generation
let selected = '';
async function watch() {
  const statistics = await connection.getStats();
  for (const transport of statistics.values()) {
    const pair = transport.type === 'transport' && statistics.get(transport.selectedCandidatePairId);
    if (pair && pair.state === 'succeeded') {
      const local = statistics.get(pair.localCandidateId);
      const remote = statistics.get(pair.remoteCandidateId);
      const now = `${pair.id} ${local.usernameFragment} ${remote.usernameFragment}`;
      if (now !== selected) {
        selected = now;
        say({
          event: 'selected', component: 1, local: text(local), remote: text(remote), role: transport.iceRole,
          ufrag: local.usernameFragment, remoteUfrag: remote.usernameFragment,
        });
      }
    }
  }
}
setInterval(() => watch().catch(() => {}), POLL_MILLISECONDS);

async function serve() {
  if (settings.controlling) {
    connection.createDataChannel('peer');
    await describe(await connection.createOffer());
  } else {
    say({event: 'need-remote'});
  }
  for (;;) {
    const command = JSON.parse(await ask('/next'));
    try {
      await obeyed[command.cmd](command);
    } catch (problem) {
      say({event: 'error', message: `${command.cmd}: ${problem}`});
    }
  }
}
serve();
