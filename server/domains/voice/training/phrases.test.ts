import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Input, Output } from '../../../../contract/operation.ts'
import type { voice } from '../../../../contract/voice.ts'
import { PASSWORD } from '../../../../test/app.ts'
import { enrol, prove } from '../../../../test/passkeys.ts'
import { toWav } from '../../speech/audio/wav.ts'
import { openPhrase } from '../../speech/wake/phrase.ts'
import { OTHER_SPEECH, heard, joined, said } from '../../speech/wake/rig.ts'
import { openSpeaker, refusal, refusedPaths } from '../rig.ts'
import { PHRASES_MAX, phraseModels, phrases } from './phrases.ts'
import { sample } from './rig.ts'

type Samples = Input<typeof voice.train>['samples']

const opened = await openSpeaker()
const { app, ask, call, token, user_id, clock } = opened
const { key } = await enrol(opened, token)
const bob = await app.auth.addUser('bob@example.org', PASSWORD)
const wavOf = (samples: Int16Array) => Buffer.from(toWav(samples, 16_000)).toString('base64')
const recorded = async (text: string, rates = [1, 0.9, 1.12]): Promise<Samples> =>
  Promise.all(
    rates.map(async (speech_rate) => ({ audio_data: wavOf(await said(text, 'slt', { speech_rate })) })),
  )
const HOUSE = await recorded('Good morning, house.')
const learn = (wake_phrase: string, samples: Samples) => call(token, 'voice.train', { wake_phrase, samples })
const models = (of = user_id) => phraseModels(app.kernel.store.reader, of)
const learnt = async (wake_phrase: string, samples = HOUSE): Promise<Output<typeof voice.train>> => {
  clock.advance(1)
  return ask(token, 'voice.train', { wake_phrase, samples })
}

test('a phrase from three recordings wakes for its speaker and not for other speech, and says how well', async () => {
  const { accuracy_before, accuracy_after, samples, wake_phrase } = await learnt('  Good  Morning house ')
  assert.deepEqual([accuracy_before, samples, wake_phrase?.phrase], [0, 3, 'Good Morning house'])
  assert.deepEqual([wake_phrase?.tried, wake_phrase?.false_alarms], [9, 0])
  assert.equal(accuracy_after, Math.round(((wake_phrase?.hits ?? 0) / 9) * 1000) / 1000)
  assert.ok(accuracy_after >= 0.77, String(accuracy_after))
  assert.ok((wake_phrase?.other_seconds ?? 0) > 45)
  const [model] = await models()
  assert.ok(model !== undefined)
  const again = await said('Good morning, house.', 'slt', { speech_rate: 1.05 })
  const other = await said(OTHER_SPEECH[0] ?? '', 'slt')
  assert.deepEqual(
    heard(openPhrase(model), joined(other, again)).map(({ word }) => word),
    ['Good Morning house'],
  )
  assert.deepEqual((await ask(token, 'voice.capabilities', {})).wake_phrases, ['Good Morning house'])
  assert.deepEqual(await models(bob.id), [])
})

test('it is one change of the kind model that touches nothing else, and is called by its words', async () => {
  const [made] = (await ask(token, 'system.modifications', {})).modifications
  assert.equal(made?.description, 'Learnt the wake phrase “Good Morning house” from 3 recordings.')
  assert.deepEqual([made?.target.kind, made?.type, made?.proof], ['model', 'agent_config', null])
  assert.deepEqual([made?.before_state, made?.after_state['recordings']], [{}, 3])
  assert.equal(made?.impact_assessment, 'Nothing else is touched.')
  assert.ok(JSON.stringify(made).length < 40_000)
})

test('recorded again it takes its own place and tells how well it was heard before; each rollback takes one step', async () => {
  const [first] = await models()
  const again = await learnt(
    'good morning HOUSE',
    await recorded('Good morning, house.', [1.05, 0.95, 1.1, 1]),
  )
  assert.ok(again.accuracy_before >= 0.75, String(again.accuracy_before))
  assert.equal((await models()).length, 1)
  const back = (modification_id: string) => prove(opened, token, key, 'system.rollback', { modification_id })
  assert.ok((await back(again.modification_id)).ok)
  assert.deepEqual(await models(), [first])
  const [, , original] = (await ask(token, 'system.modifications', {})).modifications
  assert.ok((await back(original?.id ?? '')).ok)
  assert.deepEqual(await models(), [])
  const [gone] = (await ask(token, 'system.modifications', {})).modifications
  assert.ok((await back(gone?.id ?? '')).ok)
  assert.deepEqual(await models(), [first])
})

test('a phrase is changed by recordings alone, not by hand', async () => {
  const [[id] = ['']] = await phrases.all(app.kernel.store.reader, user_id)
  const before = await models()
  for (const after_state of [{ wake_phrase: 'anything' }, { model: { threshold: 0 } }, { count: 1 }]) {
    const wanted = { description: 'x', target: { kind: 'model' as const, id }, after_state }
    const reply = await prove(opened, token, key, 'system.modify', { type: 'agent_config', ...wanted })
    assert.equal(refusal(reply)?.code, 'GENERAL_001')
  }
  assert.deepEqual(await models(), before)
})

test('what nothing can be learnt from is refused in words, and nothing is kept', async () => {
  const before = await models()
  const [a = {}, b = {}] = HOUSE
  const silence = { audio_data: wavOf(new Int16Array(32_000)) }
  const [wrong = {}] = await recorded('Seventy thousand bicycles.', [1])
  const long = {
    audio_data: wavOf(joined(...(await Promise.all(OTHER_SPEECH.map((one) => said(one, 'slt')))))),
  }
  const short = { audio_data: wavOf((await said('Good morning, house.', 'slt')).slice(0, 8_000)) }
  const broken = { audio_data: Buffer.from('PK\u0003\u0004 nothing').toString('base64') }
  const rows: [Samples, string, RegExp][] = [
    [[a, b], '/samples', /must be 3 to 5 recordings/],
    [[a, a, a, a, a, a], '/samples', /must be 3 to 5 recordings/],
    [[a, b, silence], '/samples', /Recording 3 has too little speech/],
    [[a, wrong, b], '/samples', /Recording \d does not sound like the others/],
    [[a, b, long], '/samples', /Recording 3 (?:is longer|has more than)/],
    [[a, short, b], '/samples', /Recording 2 has too little speech/],
    [[a, broken, b], '/samples', /Recording 2: .*ZIP/],
    [[a, { audio_data: '' }, b], '/samples', /Recording 2: /],
    [[a, { audio_data: 'no base64!' }, b], '/samples/1/audio_data', /base64/],
    [[a, {}, b], '/samples/1/audio_data', /is required/],
    [[a, { ...b, text: 'hello' }, b], '/samples/1/text', /nothing to do/],
    [[a, b, { ...a, agent_number: 4 }], '/samples/2/agent_number', /nothing to do/],
  ]
  for (const [samples, path, message] of rows) {
    const reply = await learn('cellar', samples)
    assert.equal(refusal(reply)?.status, 400, String(message))
    assert.equal(refusedPaths(reply)[0], path, String(message))
    assert.match(JSON.stringify(reply), message)
  }
  for (const name of ['', '  ', '?!', '7', 'a\u0007b', 'x'.repeat(41)])
    assert.deepEqual(refusedPaths(await learn(name, HOUSE)), ['/wake_phrase'], name)
  assert.deepEqual(await models(), before)
})

test('sentences still say whom they are for', async () => {
  const reply = await call(token, 'voice.train', {
    samples: [{ text: 'a b', action: 'add' }, { text: 'a c', agent_number: 4 }, sample('a d', 4, 'add')],
  })
  assert.deepEqual(refusedPaths(reply), ['/samples/0/agent_number', '/samples/1/action'])
})

test('there is room for so many, also for what is brought back, and all of them go with their user', async () => {
  const [[id, state] = ['']] = await phrases.all(app.kernel.store.reader, user_id)
  const put = (of: string, name: string) =>
    app.kernel.store.write((tx) => phrases.write(tx, of, `${name} ${of}`, { ...state, wake_phrase: name }))
  for (let count = 1; count < PHRASES_MAX; count += 1) await put(user_id, `ahoi Ünïcode ${count}`)
  assert.deepEqual(refusedPaths(await learn('one more', HOUSE)), ['/wake_phrase'])
  await assert.rejects(put(user_id, 'one more'), /roll one back first/)
  await app.kernel.store.write((tx) => phrases.write(tx, bob.id, id, undefined))
  assert.equal((await models()).length, PHRASES_MAX)
  await put(bob.id, 'ahoi')
  assert.deepEqual(
    (await models(bob.id)).map(({ word }) => word),
    [state?.model.word],
  )
  assert.ok((await prove(opened, token, key, 'users.delete', { id: bob.id })).ok)
  assert.deepEqual([await models(bob.id), (await models()).length], [[], PHRASES_MAX])
})
