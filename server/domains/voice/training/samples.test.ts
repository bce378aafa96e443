import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Input } from '../../../../contract/operation.ts'
import type { voice } from '../../../../contract/voice.ts'
import { openTestApp } from '../../../../test/app.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Understood } from '../../language/understand.ts'
import { refuseCommands, toSamples } from './samples.ts'

type Samples = Input<typeof voice.train>['samples']

const CALL = { user_id: 'ann', caller: undefined, request_id: 'r', transport: 'http', now: 0 } as const
const PLACE = { agent_number: 4, action: 'add' }
const nobody = () => new Fault('VOICE_TRANSCRIPTION_FAILED', 'I heard nobody speak.', { reason: 'silence' })

/** Sounds as what is heard in them: "how surely, words". */
function sound(heard: string): Samples[number] {
  return { audio_data: Buffer.from(heard).toString('base64'), ...PLACE }
}

function hear(samples: Samples) {
  return toSamples(CALL as unknown as Parameters<typeof toSamples>[0], { samples }, (_call, audio_data) => {
    const [sure, text = ''] = Buffer.from(audio_data, 'base64').toString().split(', ')
    return text === '' ? Promise.reject(nobody()) : Promise.resolve({ text, confidence: Number(sure) })
  })
}

async function refusalOf(samples: Samples): Promise<Fault> {
  const refused = await hear(samples).then(
    () => undefined,
    (error: unknown) => error,
  )
  assert.ok(refused instanceof Fault)
  return refused
}

function pathsOf({ details }: Fault): string[] {
  const issues = (details?.['issues'] ?? []) as { path: string }[]
  return issues.map(({ path }) => path)
}

test('what was heard of a sound is told, by the place of its sample', async () => {
  const { said, heard } = await hear([{ text: ' wind it ', ...PLACE }, sound('0.7, feed the newt')])
  assert.deepEqual(said, [
    { text: 'wind it', ...PLACE },
    { text: 'feed the newt', ...PLACE },
  ])
  assert.deepEqual(heard, [{ sample: 1, text: 'feed the newt', confidence: 0.7 }])
})

test('a sound that was hardly heard is refused, with what was heard of it and how surely', async () => {
  const refused = await refusalOf([sound('0.9, feed the newt'), sound('0.08, well the odds')])
  assert.deepEqual([refused.code, refused.status], ['VOICE_001', 422])
  assert.match(refused.message, /^Sample 2 was hardly heard: “well the odds” \(8 %\)\. Record it again/)
  assert.deepEqual([refused.details?.['reason'], pathsOf(refused)], ['unsure', ['/samples/1/audio_data']])
})

test('of a sound in which nobody speaks it is said which sample it is', async () => {
  const refused = await refusalOf([sound('0.9, feed the newt'), sound('0.9, ')])
  assert.equal(refused.message, 'Sample 2: I heard nobody speak.')
  assert.deepEqual([refused.details?.['reason'], pathsOf(refused)], ['silence', ['/samples/1/audio_data']])
})

test('everything that is lacking is told at once, before anything is heard', async () => {
  const refused = await refusalOf([{}, { audio_data: 'ÄÖ', ...PLACE }, sound('0.9, ')])
  assert.deepEqual(pathsOf(refused), [
    '/samples/0/text',
    '/samples/0/agent_number',
    '/samples/0/action',
    '/samples/1/audio_data',
  ])
})

const MEANT_NOTHING: Understood = {
  tier: 'none',
  meaning: undefined,
  parameters: {},
  missing: undefined,
  confidence: 0,
  routing_confidence: 0,
  alternatives: [],
  reason: '',
}

test('answers and calls for help stay what they are, in other languages too', async (t) => {
  const opened = await openTestApp()
  t.after(() => opened.remove())
  const { user_id } = await opened.claim()
  const around = { now: 0, time_zone: 'UTC', wake_words: [], active_agent: undefined, only_agent: undefined }
  const tried = ['hilfe', 'no', 'ja', 'stop', 'wind the music box'].map((text) => ({ text, ...PLACE }))
  const refused: unknown = await refuseCommands({ elapsed: () => 0 }, tried, (text) =>
    opened.app.language.understand(user_id, { ...around, text }),
  ).catch((error: unknown) => error)
  assert.ok(refused instanceof Fault)
  assert.deepEqual(
    pathsOf(refused),
    [0, 1, 2, 3].map((place) => `/samples/${place}/text`),
  )
})

test('others have their turn while many sentences are looked at', async () => {
  let now = 0
  let turns = 0
  const counting = setInterval(() => (turns += 1), 0)
  const samples = Array.from({ length: 50 }, (_, at) => ({ text: `wind it ${at}`, ...PLACE }))
  await refuseCommands({ elapsed: () => (now += 20) }, samples, () => Promise.resolve(MEANT_NOTHING))
  clearInterval(counting)
  assert.ok(turns > 0)
})
