import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { io } from 'socket.io-client'
import type { Socket } from 'socket.io-client'
import { missing } from '../server/domains/speech/ears/library.ts'
import { prepare } from './http/app.ts'
import { startChild } from './http/child.ts'
import type { Delays } from './event-loop.ts'
import type { Visitor } from './http/scene.ts'
import { finish, median, report } from './report.ts'

/**
 * Milliseconds from the end of speech to the first byte of the answer as sound: a sentence is streamed in real time as
 * WebM with Opus over a socket, in pieces of 80 ms, with silence after it, and the answer is fetched when it is told.
 * The control is the same sentence sent whole by REST after it has been said. The sentences are spoken by this server.
 */
const PIECE_MS = 80
const ROUNDS = 3
/** The first utterances load what hears; they are not counted. */
const WARM_UP = 4
const SILENCE_MS = 2_500
const PATIENCE_MS = 30_000
const COMPLETE = [
  'what is on my shopping list',
  'what time is it',
  'set a timer for five minutes',
  'what are my reminders',
  'status',
  'what did i ask you to remember',
]
const OPEN = [
  'put milk on my shopping list',
  'remember that the spare key is under the stone',
  'remind me tomorrow at seven to call anna',
]

const lacking = missing()
if (lacking !== undefined || spawnSync('ffmpeg', ['-version']).error !== undefined) {
  console.log(
    `SKIPPED: ${lacking?.problem ?? 'ffmpeg is not installed'} (${lacking?.remedy ?? 'apt-get install ffmpeg'})`,
  )
  process.exit(0)
}

interface Said {
  /** WebM, as a browser records it. */
  stream: Buffer
  /** The whole of it as WAV in base64, without the silence. */
  whole: string
  whole_ms: number
  speech_ms: number
}

const folder = mkdtempSync(join(tmpdir(), 'paios-bench-'))
const server = startChild(new URL('http/ours.ts', import.meta.url))
try {
  const { ours } = await prepare(folder)
  const [visitor, second] = ours.visitors
  if (visitor === undefined || second === undefined) throw new Error('Nobody is there.')
  const port = await server.ask<number>('open', ours)
  const [scene, other] = [await enter(port, visitor), await enter(port, second)]
  const spoken = new Map<string, Said>()
  for (const text of [...COMPLETE, ...OPEN]) spoken.set(text, await speak(scene, text))
  for (const text of COMPLETE.slice(0, WARM_UP)) await streamed(scene, spoken.get(text))
  await measure(scene, 'complete commands', COMPLETE, spoken, { p50: 300, p95: 500 })
  await measure(scene, 'commands with an open slot', OPEN, spoken, { p50: 1_000, p95: 1_000 })
  await measureLoop([scene, other], spoken)
  scene.socket.disconnect()
  other.socket.disconnect()
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
finish()

interface Scene {
  port: number
  visitor: Visitor
  socket: Socket
}

async function enter(port: number, visitor: Visitor): Promise<Scene> {
  const socket = io(`http://localhost:${port}`, { transports: ['websocket'], auth: { token: visitor.token } })
  await new Promise((resolve) => socket.once('authenticated', resolve))
  return { port, visitor, socket }
}

/** What holds up the event loop of the server while two people speak at once, and while nobody does for as long. */
async function measureLoop(scenes: readonly Scene[], spoken: ReadonlyMap<string, Said>): Promise<void> {
  await server.ask('delays')
  const began = performance.now()
  const times = await Promise.all(
    scenes.map(async (scene) => {
      const own: number[] = []
      for (const text of COMPLETE) own.push(await streamed(scene, spoken.get(text)))
      return own
    }),
  )
  const took = performance.now() - began
  const busy = await server.ask<Delays>('delays')
  await pause(took)
  const idle = await server.ask<Delays>('delays')
  console.log(
    `two voice jobs at once for ${(took / 1000).toFixed(0)} s: event loop p50 ${busy.p50.toFixed(2)}, p99 ${busy.p99.toFixed(2)} (aim 10), most ${busy.max.toFixed(1)} ms; idle p50 ${idle.p50.toFixed(2)}, p99 ${idle.p99.toFixed(2)}, most ${idle.max.toFixed(1)} ms; end of speech to answer p50 ${median(times.flat()).toFixed(0)} ms`,
  )
  report('1 + ms of event loop delay p99, two voice jobs and idle', [[1 + busy.p99, 1 + idle.p99]], {
    most: 10,
  })
}

async function measure(
  scene: Scene,
  name: string,
  texts: readonly string[],
  spoken: ReadonlyMap<string, Said>,
  aim: { p50: number; p95: number },
): Promise<void> {
  const pairs: [number, number][] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const text of texts) {
      const said = spoken.get(text)
      pairs.push([await streamed(scene, said), await whole(scene, said)])
    }
  }
  const times = pairs.map(([ours]) => ours).toSorted((a, b) => a - b)
  const p95 = times[Math.floor(times.length * 0.95)] ?? Number.NaN
  console.log(
    `${name}, end of speech to first byte of the answer: p50 ${median(times).toFixed(0)} ms (aim ${aim.p50}), p95 ${p95.toFixed(0)} ms (aim ${aim.p95}), of ${times.length}`,
  )
  // Without waiting for the end of speech a stream must not be slower than a recording that is sent afterwards by much.
  report(`${name}: ms streamed against whole`, pairs, { most: 4 })
}

async function call(scene: Scene, method: string, path: string, body?: object): Promise<Response> {
  const answer = await fetch(`http://localhost:${scene.port}${path}`, {
    method,
    headers: { authorization: `Bearer ${scene.visitor.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`)
  return answer
}

async function speak(scene: Scene, text: string): Promise<Said> {
  const answer = await call(scene, 'POST', '/api/voice/synthesize', { text })
  const { data } = (await answer.json()) as { data: { audio_data: string } }
  const made = spawnSync(
    'ffmpeg',
    [
      '-v',
      'error',
      '-i',
      'pipe:0',
      '-af',
      `apad=pad_dur=${SILENCE_MS}ms`,
      '-ac',
      '1',
      '-ar',
      '48000',
      '-c:a',
      'libopus',
      '-b:a',
      '32k',
      '-vbr',
      'off',
      '-cluster_time_limit',
      '80',
      '-f',
      'webm',
      '-live',
      '1',
      'pipe:1',
    ],
    { input: Buffer.from(data.audio_data, 'base64'), maxBuffer: 64 * 1024 * 1024 },
  )
  const lengths = lengthsOf(Buffer.from(data.audio_data, 'base64'))
  return { stream: made.stdout, whole: data.audio_data, ...lengths }
}

/** How long the recording is, and when its last sound ends: voices leave silence behind it. */
function lengthsOf(wav: Buffer): { whole_ms: number; speech_ms: number } {
  const rate = wav.readUInt32LE(24)
  const samples = new Int16Array(Uint8Array.from(wav.subarray(44)).buffer)
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  const last = samples.findLastIndex((sample) => Math.abs(sample) > loudest / 100)
  return { whole_ms: (samples.length / rate) * 1_000, speech_ms: ((last + 1) / rate) * 1_000 }
}

/** Streams it as it would be said; milliseconds from the end of the speech to the first byte of the answer. */
async function streamed(scene: Scene, said: Said | undefined): Promise<number> {
  if (said === undefined) throw new Error('Not spoken.')
  const { socket } = scene
  const utterance_id = `u${Math.round(performance.now() * 1_000)}`
  const answered = Promise.withResolvers<string>()
  const give = AbortSignal.timeout(PATIENCE_MS)
  give.addEventListener('abort', () => answered.reject(new Error('No answer came.')))
  const hear = ({ audio_url }: { audio_url?: string }): void => answered.resolve(audio_url ?? '')
  socket.once('voice:response_ready', hear)
  socket.once('error', (error: { message: string }) => answered.reject(new Error(error.message)))
  const total_ms = said.whole_ms + SILENCE_MS
  const bytes_per_piece = Math.ceil((said.stream.length / total_ms) * PIECE_MS)
  const began = performance.now()
  const told: { url?: string } = {}
  void answered.promise.then(
    (found) => (told.url = found),
    () => (told.url = ''),
  )
  for (let piece = 0; piece * bytes_per_piece < said.stream.length && told.url === undefined; piece += 1) {
    const bytes = said.stream.subarray(piece * bytes_per_piece, (piece + 1) * bytes_per_piece)
    socket.emit('voice:audio', { utterance_id, format: 'webm', audio_data: bytes.toString('base64') })
    await pause(Math.max(0, began + (piece + 1) * PIECE_MS - performance.now()))
  }
  if (told.url === undefined) socket.emit('voice:audio', { utterance_id, end: true })
  await call(scene, 'GET', await answered.promise)
  return performance.now() - began - said.speech_ms
}

async function whole(scene: Scene, said: Said | undefined): Promise<number> {
  const began = performance.now()
  const answer = await call(scene, 'POST', '/api/voice/process', { audio_data: said?.whole })
  const { data } = (await answer.json()) as { data: { response: { audio_url: string } } }
  await call(scene, 'GET', data.response.audio_url)
  return performance.now() - began
}
