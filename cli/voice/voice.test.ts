import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { VoiceProcessed, VoiceSettings } from '../../contract/voice.ts'
import { SIGNED_IN } from '../../sdk/fixture.ts'
import { HEALTH, openDesk } from '../fixture.ts'
import { data, openOffice } from '../rig.ts'

const SETTINGS: VoiceSettings = {
  language: 'en',
  voice_id: 'default',
  speech_rate: 1,
  pitch: 1,
  volume: 1,
  wake_word_enabled: false,
  wake_words: ['paios'],
  noise_suppression: true,
  auto_transcription: true,
  keep_audio: false,
  remote_audio: false,
}

async function open(t: TestContext) {
  const { sit, server } = await openOffice(t)
  const desk = await sit()
  const voice = (...words: string[]) => desk.paios(['voice', ...words], { piped: '' })
  return { desk, voice, clock: server.clock }
}

test('the status says what is here, what is missing with the command for it, and the settings', async (t) => {
  const { desk, voice } = await open(t)
  const { exit, stdout, stderr } = await voice()
  assert.deepEqual([exit, stderr], [0, ''])
  assert.match(stdout, /^ENGINE +DOES +WHERE +IS\nsentences +understands +here +ready\n/)
  assert.match(stdout, /\npocketsphinx +hears +here +The speech recogniser .* not installed/)
  assert.match(stdout, /\nflite +speaks +here +ready\n/)
  assert.match(stdout, /\nNothing is understood when spoken\. Typed sentences need no engine/)
  assert.match(
    stdout,
    /\nMissing:\n {2}speech to text \(pocketsphinx\): .*\n(?: {2}.*\n)*Get it with: paios voice install/,
  )
  assert.match(
    stdout,
    /\n\nlanguage +en\nvoice +default\nrate +1\n(?:.*\n)*keep-audio +off\nremote-audio +off\n$/,
  )
  assert.equal((await data<{ wake_word: boolean }>(desk, ['voice'])).wake_word, false)
})

test('a status of engines that hear says which languages, and of another machine where to install', async (t) => {
  const how = 'It is not there. apt-get install theirs'
  const desk = openDesk({
    'auth.login': () => SIGNED_IN,
    'system.health': () => HEALTH,
    'voice.capabilities': () => ({
      engines: [
        { name: 'ours\u001B', kind: 'stt', remote: true, ok: true, problem: '' },
        { name: 'theirs', kind: 'tts', remote: false, ok: false, problem: 'It does\nnot answer.' },
      ],
      languages: ['en', 'de'],
      voices: [{ voice_id: 'default' }, { voice_id: 'a' }],
      formats: ['wav'],
      wake_word: true,
      limits: {},
      settings: SETTINGS,
      missing: [{ what: 'text to speech (theirs)', how }],
    }),
  })
  t.after(desk.remove)
  const far = ['--url', 'https://far.example']
  const entered = await desk.paios([...far, 'login', '--email', 'a@b.example', '--password-stdin'], {
    piped: 'x',
  })
  assert.equal(entered.exit, 0, entered.stderr)
  const { stdout } = await desk.paios([...far, 'voice'])
  assert.match(
    stdout,
    /\nours\\u001b +hears +on another machine +ready\ntheirs +speaks +here +It does not answer\.\n/,
  )
  assert.match(stdout, /\nUnderstood when spoken: en, de\.\nIt speaks with 1 voice: paios voice voices\n/)
  assert.match(stdout, /\nGet it with: paios voice install, on the machine of the server\n/)
})

test('every setting is changed by its name and shown by it', async (t) => {
  const { voice } = await open(t)
  const changes = [
    ['language', 'de', 'de'],
    ['voice', 'flite-rms', 'flite-rms'],
    ['rate', '1.25', '1.25'],
    ['pitch', '0.5', '0.5'],
    ['volume', '0', '0'],
    ['wake', 'on', 'on'],
    ['wake-words', 'hey paios , computer', 'hey paios, computer'],
    ['noise', 'off', 'off'],
    ['transcription', 'off', 'off'],
    ['keep-audio', 'on', 'on'],
    ['remote-audio', 'on', 'on'],
  ] as const
  for (const [key, value, shown] of changes) {
    const { stdout, stderr } = await voice('set', key, value)
    assert.deepEqual([stdout, stderr], [`${key} is ${shown} now.\n`, ''])
  }
  const { stdout } = await voice()
  const table = stdout.trimEnd().split('\n').slice(-changes.length)
  assert.deepEqual(
    table.map((line) => line.split(/ {2,}/)),
    changes.map(([key, , shown]) => [key, shown]),
  )
})

test('a setting that is none, and a value that is none of its kind, are refused and change nothing', async (t) => {
  const { desk, voice } = await open(t)
  const before = (await voice()).stdout
  for (const [key, value, exit, why] of [
    ['colour', 'red', 2, /There is no setting "colour", but: language, voice, /],
    ['constructor', 'x', 2, /There is no setting/],
    ['wake', 'yes', 2, /wake is on or off, not "yes"\./],
    ['rate', '3', 2, /rate "3" is not a number from 0\.5 to 2\./],
    ['wake-words', 'paios,,x', 2, /separated by commas/],
    ['wake-words', 'a,b,c,d,e,f', 1, /: wake-words must not have more than 5 items\.\n$/],
    ['language', 'no language', 1, /: language must be a language, such as en or de-AT\.\n$/],
    ['language', 'klingon', 1, /: I know no language "klingon"\.\n$/],
    ['voice', 'nobody', 1, /: There is no voice nobody\. Those that there are: paios voice voices\n$/],
  ] as const) {
    const { exit: ended, stderr } = await voice('set', key, value)
    assert.deepEqual([ended, why.test(stderr)], [exit, true], `${key} ${value}: ${stderr}`)
  }
  assert.equal((await voice('set', 'wake')).exit, 2)
  assert.equal((await voice()).stdout, before)
  await desk.paios(['logout'])
  assert.equal((await voice('set', 'wake', 'on')).exit, 4)
  assert.equal((await voice()).exit, 4)
})

test('a taught sentence is understood from then on, until that is undone', async (t) => {
  const { desk, voice } = await open(t)
  await desk.paios(['passkey', 'add'])
  const sentence = 'jot down the boiler code'
  const understood = async () => {
    const said = await data<VoiceProcessed>(desk, ['ask', sentence])
    return [said.agent_routing.target_agent, said.intent.action]
  }
  assert.notDeepEqual(await understood(), [2, 'recall'])
  const { stdout, stderr } = await voice('train', sentence, '--agent', '2', '--action', 'recall')
  assert.equal(stderr, '')
  assert.match(stdout, /^Learnt: jot down the boiler code is for agent 2, recall\.\n/)
  const [, id = ''] = /Take it back with: paios undo ([0-9a-f]{8})\n$/.exec(stdout) ?? []
  assert.deepEqual(await understood(), [2, 'recall'])
  assert.match((await desk.paios(['undo', id, '--yes'], { piped: '' })).stdout, /^Undone: Learnt a sentence/)
  assert.notDeepEqual(await understood(), [2, 'recall'])
  for (const [agent, action, exit] of [
    ['two', 'remember', 2],
    ['0', 'remember', 2],
    ['2', 'fly', 1],
    ['77', 'remember', 1],
  ] as const)
    assert.equal((await voice('train', sentence, '--agent', agent, '--action', action)).exit, exit)
  assert.equal((await voice('train', sentence, '--agent', '2')).exit, 2)
  const { stderr: refused } = await voice('train', sentence, '--agent', '2', '--action', 'fly')
  assert.match(refused, /: --action must be one of remember, [a-z_, ]+\.\n$/)
  assert.doesNotMatch((await voice('say', '...')).stderr, /\(text|\/text/)
})
