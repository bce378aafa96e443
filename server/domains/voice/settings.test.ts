import assert from 'node:assert/strict'
import { test } from 'node:test'
import { voice } from '../../../contract/voice.ts'
import { PASSWORD } from '../../../test/app.ts'
import { findIssues } from '../../kernel/validate.ts'
import { openSpeaker, refusal, refusedPaths } from './rig.ts'

const ann = await openSpeaker()
const { token } = ann
const change = (input: object) => ann.call(token, 'voice.settings', input)
const settings = () => ann.ask(token, 'voice.settings', {})
const DEFAULTS = await settings()

test('the settings of somebody who has changed nothing are whole', () => {
  assert.deepEqual(DEFAULTS, {
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
  })
})

test('a change answers all settings, keeps the others, and lasts', async () => {
  const changed = await ann.ask(token, 'voice.settings', { speech_rate: 1.25, wake_words: ['computer'] })
  assert.deepEqual(changed, { ...DEFAULTS, speech_rate: 1.25, wake_words: ['computer'] })
  assert.deepEqual(await settings(), changed)
  assert.deepEqual((await ann.ask(token, 'voice.capabilities', {})).settings, changed)
  await change({ speech_rate: 1, wake_words: ['paios'] })
  assert.deepEqual(await settings(), DEFAULTS)
})

test('a wake word can be said, and one that cannot is refused by its place', async () => {
  for (const word of [' ', '...', '(a+)+$', '#JSGF V1.0;', 'a\u0000b']) {
    const reply = await ann.call(token, 'voice.settings', { wake_words: ['computer', word] })
    assert.ok(!reply.ok && JSON.stringify(reply.error).includes('/wake_words/1'), word)
  }
  for (const word of ['übung 2', 'Küche 阿福', '阿福']) {
    const reply = await ann.call(token, 'voice.settings', { wake_words: ['computer', word] })
    assert.ok(!reply.ok && JSON.stringify(reply.error).includes('can not be pronounced'), word)
  }
  for (const word of ['hey you', "o'clock", 'Übungsraum'])
    assert.equal((await change({ wake_words: [word] })).ok, true, word)
  await change({ wake_words: ['paios'] })
})

test('a command or an answer is no wake word, in any language that is understood', async () => {
  const vital =
    'stop|Stop|cancel|undo|redo|yes|no|help|never mind|hilfe|ja|nein|abbrechen|stopp|ayuda|sí|para|deshacer'
  for (const word of vital.split('|')) {
    const reply = await change({ wake_words: ['computer', word] })
    assert.deepEqual(refusedPaths(reply), ['/wake_words/1'], word)
    assert.match(
      reply.ok ? '' : reply.error.error.message,
      /^“.*” is .*, and can not be a wake word\.$/u,
      word,
    )
  }
  for (const word of ['helper', 'okay computer', 'stopwatch'])
    assert.doesNotMatch(JSON.stringify(await change({ wake_words: [word] })), /can not be a wake word/, word)
  await change({ wake_words: ['paios'] })
})

test('of two changes at once neither takes back the other', async () => {
  await Promise.all([change({ pitch: 1.5 }), change({ volume: 0.5 }), change({ noise_suppression: false })])
  assert.deepEqual(await settings(), { ...DEFAULTS, pitch: 1.5, volume: 0.5, noise_suppression: false })
  await change({ pitch: 1, volume: 1, noise_suppression: true })
})

test('values at the bounds are taken and those beyond are refused by their path', async () => {
  for (const input of [
    { speech_rate: 0.5 },
    { speech_rate: 2 },
    { pitch: 0.5 },
    { pitch: 2 },
    { volume: 0 },
    { volume: 1 },
    {
      wake_words: ['computer', 'jarvis', 'good day', 'my house', 'computer kitchen upstairs house friday'],
    },
    { language: 'en-GB' },
    { language: 'tlh' },
    { language: 'zh-Hant-TW' },
  ]) {
    assert.ok((await change(input)).ok, JSON.stringify(input))
  }
  const wrong: [object, string][] = [
    [{ speech_rate: 0.49 }, '/speech_rate'],
    [{ speech_rate: 2.01 }, '/speech_rate'],
    [{ pitch: 0 }, '/pitch'],
    [{ volume: 1.01 }, '/volume'],
    [{ volume: -0.01 }, '/volume'],
    [{ wake_words: [] }, '/wake_words'],
    [{ wake_words: ['a', 'b', 'c', 'd', 'e', 'f'] }, '/wake_words'],
    [{ wake_words: [''] }, '/wake_words/0'],
    [{ wake_words: ['a'.repeat(41)] }, '/wake_words/0'],
    [{ wake_word_enabled: 'yes' }, '/wake_word_enabled'],
    [{ speed: 1 }, '/speed'],
    ...['auto', 'xx', 'klingon', 'und', 'de-', 'e', 'en_US'].map((language): [object, string] => [
      { language },
      '/language',
    ]),
  ]
  for (const [input, path] of wrong) {
    assert.equal(refusedPaths(await change(input))[0], path)
  }
  await change(DEFAULTS)
})

test('a voice that is not one of the capabilities is refused, and nothing of that change is kept', async () => {
  const refused = refusal(await change({ voice_id: 'morgan', pitch: 2 }))
  assert.deepEqual([refused?.code, refused?.status], ['GENERAL_001', 400])
  assert.deepEqual(refused?.details, {
    issues: [{ path: '/voice_id', message: 'is not one of /voice/capabilities' }],
  })
  assert.deepEqual(await settings(), DEFAULTS)
  const { voices } = await ann.ask(token, 'voice.capabilities', {})
  for (const { voice_id } of voices) assert.ok((await change({ voice_id })).ok)
  await change(DEFAULTS)
})

test('the wake words that are set are those that are left out of a sentence', async () => {
  await change({ wake_words: ['computer', 'my dear'] })
  for (const sentence of ['computer, status', 'hey computer status', 'My dear, status']) {
    assert.equal((await ann.say(sentence)).intent.action, 'status', sentence)
  }
  const said = await ann.say('computer, add milk to my list')
  assert.deepEqual(said.intent.entities, { items: ['milk'] })
  await change({ wake_words: ['paios'] })
})

test('settings are each user’s own', async () => {
  const { email } = await ann.app.auth.addUser('bob@example.org', PASSWORD)
  const { access_token } = await ann.ask(undefined, 'auth.login', { email, password: PASSWORD })
  await ann.ask(access_token, 'voice.settings', { pitch: 2 })
  assert.deepEqual(await settings(), DEFAULTS)
})

test('capabilities say what is really there, and of what is missing how to do without', async () => {
  const capabilities = await ann.ask(token, 'voice.capabilities', {})
  assert.deepEqual(findIssues(voice.capabilities.output, capabilities), [])
  assert.deepEqual([capabilities.formats, capabilities.wake_word], [[], false])
  assert.deepEqual(
    capabilities.engines.slice(0, 3).map(({ name, ok }) => [name, ok]),
    [
      ['sentences', true],
      ['pocketsphinx', false],
      ['flite', true],
    ],
  )
  assert.ok(capabilities.voices.some(({ voice_id }) => voice_id === 'flite-slt'))
  assert.equal(capabilities.missing[0]?.what, 'speech to text (pocketsphinx)')
  assert.match(capabilities.missing[0]?.how ?? '', /apt-get install libpocketsphinx3 pocketsphinx-en-us$/)
  assert.ok(capabilities.missing.every(({ how }) => how.length > 10))
  // The limit that is told is the one that holds.
  const most = Number(capabilities.limits['text_characters_max'])
  const text_fallback = `add ${'x'.repeat(most - 4)}`
  assert.equal(text_fallback.length, most)
  assert.ok((await ann.call(token, 'voice.process', { text_fallback, dry_run: true })).ok)
  const longer = await ann.call(token, 'voice.process', { text_fallback: `${text_fallback}x` })
  assert.equal(refusal(longer)?.code, 'GENERAL_001')
})
