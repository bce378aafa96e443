import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { Fakes } from '../../sdk/fixture.ts'
import { openDesk } from '../fixture.ts'
import { openOffice } from '../rig.ts'

const WAV = Buffer.from('RIFF, and so on')
const AUDIO = { audio_data: WAV.toString('base64') }

async function open(t: TestContext, fakes: Fakes = {}) {
  const desk = openDesk({
    'voice.synthesize': () => ({ ...AUDIO, audio_url: '/api/voice/audio/a-1', format: 'wav', duration: 900 }),
    ...fakes,
  })
  t.after(desk.remove)
  await desk.signIn()
  const say = (words: string[], given: Parameters<typeof desk.paios>[1] = { piped: '' }) =>
    desk.paios(['voice', 'say', ...words], given)
  return { desk, say, file: join(desk.folder, 'said.wav') }
}

test('a text becomes a file that only its user can read, in the manner that was asked for', async (t) => {
  const { desk, say, file } = await open(t)
  const manner = ['--voice', 'flite-rms', '--rate', '0.5', '--pitch', '2', '--volume', '0']
  const { exit, stdout } = await say(['Dinner is', 'ready', '--out', file, '--language', 'en', ...manner])
  assert.deepEqual([exit, stdout], [0, `Wrote ${file}.\n`])
  assert.deepEqual(readFileSync(file), WAV)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.deepEqual(desk.seen[0]?.input, {
    text: 'Dinner is ready',
    language: 'en',
    voice_id: 'flite-rms',
    speech_rate: 0.5,
    pitch: 2,
    volume: 0,
  })
  await say(['-', '--out', file, '--force'], { piped: 'from a pipe' })
  assert.deepEqual(desk.seen[1]?.input, { text: 'from a pipe' })
})

test('a pipe gets the sound itself, a program JSON with it, and a terminal neither', async (t) => {
  const { desk, say } = await open(t)
  assert.deepEqual(await say(['hello']), { exit: 0, stdout: WAV.toString(), stderr: '' })
  assert.equal((await say(['hello', '--out', '-'], {})).stdout, WAV.toString())
  const { stdout } = await say(['hello', '--json'])
  assert.deepEqual(JSON.parse(stdout), { format: 'wav', duration: 900, ...AUDIO })
  const asked = desk.seen.length
  assert.match((await say(['hello'], {})).stderr, /^paios: A sound is nothing to read: give --out FILE/)
  assert.equal((await say(['hello', '--json', '--out', '-'])).exit, 2)
  assert.equal(desk.seen.length, asked)
})

test('a sound that did not come along is fetched from its address', async (t) => {
  const { say, file } = await open(t, {
    'voice.synthesize': () => ({ audio_url: '/api/voice/audio/a-1', format: 'wav', duration: 90_000 }),
    'voice.audio': ({ id }) => ({ audio_data: Buffer.from(`of ${id}`).toString('base64') }),
  })
  assert.equal((await say(['long', '--out', file])).exit, 0)
  assert.equal(readFileSync(file, 'utf8'), 'of a-1')
})

test('nothing is written over unless forced, and what cannot be said is refused before it is asked', async (t) => {
  const { desk, say, file } = await open(t)
  writeFileSync(file, 'mine')
  const folder = join(desk.folder, 'folder')
  mkdirSync(folder)
  for (const [words, why] of [
    [['x', '--out', file], /There is a file .*said\.wav already: --force writes over it/],
    [['x', '--out', folder, '--force'], /folder is a folder/],
    [[' ', '--out', '-'], /nothing to say/],
    [['x', '--out', '-', '--rate', '0.4'], /--rate "0\.4" is not a number from 0\.5 to 2\./],
    [['x', '--out', '-', '--pitch', 'high'], /--pitch "high"/],
    [['x', '--out', '-', '--volume', '1.01'], /--volume "1\.01" is not a number from 0 to 1\./],
    [['x', '--out', '-', '--volume='], /--volume ""/],
  ] as const) {
    const { exit, stderr } = await say([...words])
    assert.deepEqual([exit, why.test(stderr)], [2, true], stderr)
  }
  assert.deepEqual(desk.seen, [])
  assert.equal(readFileSync(file, 'utf8'), 'mine')
  assert.equal((await say(['x', '--out', file, '--force'])).exit, 0)
  assert.deepEqual(readFileSync(file), WAV)
  const nowhere = join(desk.folder, 'none', 'said.wav')
  assert.equal((await say(['x', '--out', nowhere])).exit, 1)
  assert.equal(existsSync(nowhere), false)
})

test('a real server speaks with its own voice, lists its voices, and refuses one that it does not have', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  const file = join(desk.folder, 'said.wav')
  const { exit, stderr } = await desk.paios(['voice', 'say', 'Hello.', '--out', file])
  assert.deepEqual([exit, stderr], [0, ''])
  const wav = readFileSync(file)
  assert.equal(wav.toString('latin1', 0, 4) + wav.toString('latin1', 8, 16), 'RIFFWAVEfmt ')
  assert.ok(wav.length > 8_000, String(wav.length))
  const { stdout } = await desk.paios(['voice', 'voices', '--language', 'EN-gb'])
  assert.match(stdout, /^VOICE .*\n(?:.* {2}en-gb .*\n)*flite-awb +en-GB +Alan \(Scottish\)\n/iu)
  assert.doesNotMatch(stdout, /en-US/)
  assert.match(
    (await desk.paios(['voice', 'voices', '--language', 'tlh'])).stdout,
    /^There is no voice for tlh/,
  )
  const wrong = await desk.paios(['voice', 'say', 'x', '--out', '-', '--voice', 'nobody'])
  assert.deepEqual(
    [wrong.exit, wrong.stderr],
    [1, 'paios: There is no voice nobody. Those that there are: paios voice voices\n'],
  )
  await desk.paios(['logout'])
  assert.equal((await desk.paios(['voice', 'say', 'x', '--out', '-'])).exit, 4)
})
