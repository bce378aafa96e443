import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { operations } from '../../../contract/index.ts'
import { openTestApp } from '../../../test/app.ts'
import { missing } from '../speech/ears/library.ts'
import { refusal, refusedPaths } from './rig.ts'

const NO_EARS = missing()?.problem ?? false
const opened = await openTestApp({ recogniser: undefined })
after(() => opened.remove())
const { token, user_id } = await opened.claim()
const ann = { ask: opened.ask, call: opened.call }

const say = async (text: string) => {
  const { audio_data = '' } = await ann.ask(token, 'voice.synthesize', { text })
  return audio_data
}

test(
  'a spoken sentence is heard, done and told of in its order, and its sound is kept for nobody',
  { skip: NO_EARS },
  async () => {
    const audio_data = await say('what is on my shopping list')
    const seen = (await opened.app.kernel.events.since(user_id, 0)).events.length
    const heard = await ann.ask(token, 'voice.process', { audio_data })
    assert.equal(heard.transcribed_text, 'what is on my shopping list')
    assert.equal(heard.intent.action, 'list')
    assert.ok(heard.confidence_score > 0.8 && heard.confidence_score < 1)
    const { events } = await opened.app.kernel.events.since(user_id, 0)
    const stages = events
      .slice(seen)
      .flatMap(({ name, data }) => (name === 'voice:processing' ? [(data as { status: string }).status] : []))
    assert.deepEqual(stages, ['transcribing', 'analyzing', 'routing', 'executing'])
    const { commands } = await ann.ask(token, 'voice.commands', { limit: 1 })
    assert.equal(commands[0]?.has_audio, false)
    const refused = refusal(await ann.call(token, 'voice.recording', { id: commands[0]?.id ?? '' }))
    assert.equal(refused?.status, 404)
  },
)

test(
  'sound that was kept can be heard by its own user, and goes with its sentence',
  { skip: NO_EARS },
  async () => {
    await ann.ask(token, 'voice.settings', { keep_audio: true })
    await ann.ask(token, 'voice.process', { audio_data: await say('what is on my shopping list') })
    await ann.ask(token, 'voice.settings', { keep_audio: false })
    const [kept] = (await ann.ask(token, 'voice.commands', { limit: 1 })).commands
    const id = kept?.id ?? ''
    assert.equal(kept?.has_audio, true)
    const { audio_data } = await ann.ask(token, 'voice.recording', { id })
    assert.equal(Buffer.from(audio_data, 'base64').toString('latin1', 0, 4), 'RIFF')
    const bob = await stranger()
    assert.equal(refusal(await ann.call(bob, 'voice.recording', { id }))?.status, 404)
    assert.equal(refusal(await ann.call(bob, 'voice.forget', { id }))?.status, 404)
    await ann.ask(token, 'voice.forget', { id })
    assert.equal(refusal(await ann.call(token, 'voice.recording', { id }))?.status, 404)
    assert.equal(refusal(await ann.call(token, 'voice.forget', { id }))?.status, 404)
  },
)

test('how long an answer took is told with the hearing', { skip: NO_EARS }, async () => {
  const asked = ann.ask(token, 'voice.process', { audio_data: await say('what is on my shopping list') })
  await new Promise((resolve) => setImmediate(resolve))
  opened.clock.advance(900)
  assert.equal((await asked).processing_ms, 900)
})

let strangers = 0
async function stranger(): Promise<string> {
  strangers += 1
  const email = `bob${strangers}@example.org`
  const password = 'correct horse battery staple 9'
  await opened.app.auth.addUser(email, password)
  return (await ann.ask(undefined, 'auth.login', { email, password })).access_token
}

test('an answer can be fetched as sound by its own user alone, and for ten minutes', async () => {
  const { response } = await ann.ask(token, 'voice.process', { text_fallback: 'what is 2 plus 2' })
  const id = response.audio_url?.split('/').at(-1) ?? ''
  assert.match(response.audio_url ?? '', /^\/api\/voice\/audio\/[\w-]{32}$/)
  const { audio_data } = await ann.ask(token, 'voice.audio', { id })
  assert.equal(Buffer.from(audio_data, 'base64').toString('latin1', 8, 12), 'WAVE')
  const other = id.startsWith('A') ? `B${id.slice(1)}` : `A${id.slice(1)}`
  for (const [who, which] of [
    [await stranger(), id],
    [token, other],
    [token, '../../etc/passwd'],
  ] as const) {
    assert.equal(refusal(await ann.call(who, 'voice.audio', { id: which }))?.status, 404)
  }
  opened.clock.advance(600_000)
  const { access_token } = await ann
    .ask(undefined, 'auth.login', { email: 'ann@example.org', password: 'correct horse battery staple 9' })
    .catch(() => ({ access_token: token }))
  assert.equal(refusal(await ann.call(access_token, 'voice.audio', { id }))?.status, 404)
})

test('with what was said the sound of its answer is forgotten', async () => {
  const answered = async (text_fallback: string) => {
    const { response } = await ann.ask(token, 'voice.process', { text_fallback })
    return response.audio_url?.split('/').at(-1) ?? ''
  }
  const [first, second] = [await answered('what is 20 plus 22'), await answered('what is 20 plus 23')]
  const isThere = async (id: string) => (await ann.call(token, 'voice.audio', { id })).ok
  assert.deepEqual([await isThere(first), await isThere(second)], [true, true])
  const { commands } = await ann.ask(token, 'voice.commands', { limit: 2 })
  await ann.ask(token, 'voice.forget', { id: commands[1]?.id ?? '' })
  assert.deepEqual([await isThere(first), await isThere(second)], [false, true])
  await ann.ask(token, 'voice.forget_all', {})
  assert.equal(await isThere(second), false)
})

test('a text is not spoken to its end for a client that has left', async () => {
  const from = {
    transport: 'http',
    token,
    ip: '127.0.0.1',
    user_agent: 'test',
    request_id: undefined,
  } as const
  const exchange = opened.app.dispatch.begin({ operation: operations['voice.synthesize'], ...from })
  const away = new AbortController()
  const reply = exchange.answer({ input: { text: 'All of it. '.repeat(400) }, signal: away.signal })
  await new Promise((resolve) => setImmediate(resolve))
  away.abort()
  assert.equal((await reply).ok, false)
  assert.deepEqual(
    opened.logged.filter((line) => line.includes('"error"')),
    [],
  )
})

test('what can not be said is refused by its field', async () => {
  const wrong: [object, string][] = [
    [{ text: ' ' }, '/text'],
    [{ text: '' }, '/text'],
    [{ text: 'x'.repeat(5_001) }, '/text'],
    [{ text: 'hello', voice_id: 'nobody' }, '/voice_id'],
    [{ text: 'hello', format: 'mp3' }, '/format'],
    [{ text: 'hello', speech_rate: 2.1 }, '/speech_rate'],
  ]
  for (const [input, path] of wrong) {
    const refused = await opened.call(token, 'voice.synthesize', input as { text: string })
    assert.equal(refusedPaths(refused)[0], path, JSON.stringify(input).slice(0, 80))
  }
})

test(
  'sound that is none is refused in the words of what it is, and a text beside it is understood instead',
  { skip: NO_EARS },
  async () => {
    const zip = Buffer.from('PK\x03\x04 nothing to hear').toString('base64')
    const rows: [string, string, RegExp][] = [
      ['not base64 at all!', 'GENERAL_001', /base64/],
      [zip, 'VOICE_001', /ZIP/],
      ['', 'VOICE_001', /empty/],
      ['data:audio/wav;base64,UklGRg==', 'VOICE_001', /WAV|sound/],
    ]
    for (const [audio_data, code, says] of rows) {
      const reply = await opened.call(token, 'voice.process', { audio_data })
      const found = refusal(reply)
      assert.equal(found?.code, code, audio_data)
      assert.match(reply.ok ? '' : reply.error.error.message, says)
    }
    const heard = await ann.ask(token, 'voice.process', { audio_data: zip, text_fallback: 'status' })
    assert.equal(heard.intent.action, 'status')
  },
)
