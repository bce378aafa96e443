import type { Issue } from '../../../../contract/errors.ts'
import type { Input, Output } from '../../../../contract/operation.ts'
import type { voice } from '../../../../contract/voice.ts'
import type { Call } from '../../../kernel/answers.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import { openTurns } from '../../../kernel/turns.ts'
import type { Skill } from '../../../skills/skill.ts'
import type { Agents } from '../../agents/index.ts'
import { readConsent } from '../../language/consent/words.ts'
import type { Understood } from '../../language/understand.ts'
import type { Transcript } from '../../speech/kinds.ts'
import { CONFIDENCE_HEARD_AT_ALL } from '../decide.ts'
import { bytesOf } from '../hearing.ts'

/** What was said in a sound, in a language or in whichever it is, and how surely. @throws Fault when nobody can hear it */
export type Transcribe = (call: Call, audio_data: string, language: string | undefined) => Promise<Transcript>

type Given = Input<typeof voice.train>['samples'][number]
/** What was heard of the samples that are sounds, each by its place among them. */
export type HeardSamples = NonNullable<Output<typeof voice.train>['heard']>

/** A sentence and what it means. */
export interface Sample {
  text: string
  agent_number: number
  action: string
}

/** The samples as sentences: sound is heard, one after the other. @throws Fault for one that is neither. */
export async function toSamples(
  call: Call,
  { samples, language }: Input<typeof voice.train>,
  transcribe: Transcribe,
): Promise<{ said: Sample[]; heard: HeardSamples }> {
  refuse(samples.flatMap(lacking))
  const said: Sample[] = []
  const heard: HeardSamples = []
  for (const [sample, { text, audio_data = '', agent_number = 0, action = '' }] of samples.entries()) {
    if (text !== undefined) {
      said.push({ text: text.trim(), agent_number, action })
      continue
    }
    call.signal?.throwIfAborted()
    const { text: words, confidence } = await heardIn(sample, transcribe(call, audio_data, language))
    heard.push({ sample, text: words, confidence })
    said.push({ text: words.trim(), agent_number, action })
  }
  refuseUnsure(heard)
  return { said, heard }
}

/** Everything that a sample has not, before any of them is heard, which takes its time. */
function lacking({ text, audio_data, agent_number, action }: Given, place: number): Issue[] {
  const at = `/samples/${place}`
  const issues: Issue[] = []
  if (!WORD.test(text ?? '') && (text !== undefined || audio_data === undefined))
    issues.push({ path: `${at}/text`, message: 'must have a word in it' })
  if (text === undefined && audio_data !== undefined && !isBase64(audio_data))
    issues.push({ path: `${at}/audio_data`, message: 'is not base64' })
  if (agent_number === undefined) issues.push({ path: `${at}/agent_number`, message: 'is required' })
  if (action === undefined) issues.push({ path: `${at}/action`, message: 'is required' })
  return issues
}

const WORD = /[\p{L}\p{N}]/u

function isBase64(audio_data: string): boolean {
  try {
    bytesOf(audio_data)
    return true
  } catch {
    return false
  }
}

/** What was heard in a sample; where it came to nothing, it is said in which. */
async function heardIn(sample: number, hearing: Promise<Transcript>): Promise<Transcript> {
  try {
    return await hearing
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.code !== 'VOICE_001') throw cause
    const { message, details } = cause
    const issues = [{ path: `/samples/${sample}/audio_data`, message }]
    throw unheard(`Sample ${sample + 1}: ${message}`, { ...details, issues }, cause)
  }
}

/** What was hardly heard is most likely not what was said, and would be learnt by heart. */
function refuseUnsure(heard: HeardSamples): void {
  const refused = heard.filter(
    ({ text, confidence }) => confidence < CONFIDENCE_HEARD_AT_ALL || !WORD.test(text),
  )
  const issues = refused.map(({ sample, text, confidence }): Issue => {
    const message = `was hardly heard: “${text}” (${Math.round(confidence * 100)} %)`
    return { path: `/samples/${sample}/audio_data`, message }
  })
  const [first] = issues
  if (first === undefined) return
  const more = 'Record it again, or send what was said as text.'
  throw unheard(`Sample ${(refused[0]?.sample ?? 0) + 1} ${first.message}. ${more}`, {
    reason: 'unsure',
    heard,
    issues,
  })
}

function unheard(message: string, details: Record<string, unknown>, cause?: Fault): Fault {
  return new Fault('VOICE_TRANSCRIPTION_FAILED', message, details, { cause })
}

interface Knowing {
  agents: Pick<Agents, 'known' | 'skills'>
  /** What can be said to the system as a whole, which is agent 0. */
  system: Skill
}

/** @throws Fault `VALIDATION_ERROR` that names each sample whose agent or action is not there, with what there is. */
export async function checkSamples(
  { agents, system }: Knowing,
  user_id: string,
  samples: readonly Sample[],
  db?: Pick<Tx, 'tables'>,
): Promise<void> {
  const known = await agents.known(user_id, db)
  const skills = new Map<number, Skill | undefined>([
    [system.agent.number, system],
    ...known.map((row) => [row.agent_number, agents.skills.of(row)] as const),
  ])
  const numbers = [...skills.keys()].join(', ')
  refuse(
    samples.flatMap(({ agent_number, action }, place): Issue[] => {
      const at = `/samples/${place}`
      if (!skills.has(agent_number))
        return [{ path: `${at}/agent_number`, message: `must be one of ${numbers}` }]
      const actions = skills.get(agent_number)?.actions ?? {}
      if (Object.hasOwn(actions, action)) return []
      const names = Object.keys(actions).join(', ')
      const message = names === '' ? 'must be an action, and the agent has none' : `must be one of ${names}`
      return [{ path: `${at}/action`, message }]
    }),
  )
}

/**
 * What commands the system as a whole can't be taught away: a lesson about it would come to nothing.
 *
 * @throws Fault `VALIDATION_ERROR` that names each such sample.
 */
export async function refuseCommands(
  clock: Pick<Clock, 'elapsed'>,
  samples: readonly Sample[],
  understand: (text: string) => Promise<Understood>,
): Promise<void> {
  const issues: Issue[] = []
  const breathe = openTurns(clock)
  for (const [place, sample] of samples.entries()) {
    await breathe()
    const what = vitalIn(sample, await understand(sample.text))
    if (what !== undefined)
      issues.push({ path: `/samples/${place}/text`, message: `is ${what}, and stays one` })
  }
  refuse(issues)
}

/** What a sentence is whatever is taught about it: an answer, a call for help, or a command to the system. */
function vitalIn(
  { text, agent_number, action }: Sample,
  { tier, meaning, parameters }: Understood,
): string | undefined {
  const isSaid = tier === 'template' && meaning !== undefined
  if (isSaid && agent_number === meaning.agent_number && action === meaning.name) return undefined
  if (readConsent(text) !== undefined) return 'an answer to what is asked'
  if (!isSaid) return undefined
  if (meaning.agent_number === 1 && meaning.name === 'help' && Object.keys(parameters).length === 0)
    return 'a call for help'
  return meaning.agent_number === 0 && meaning.name !== 'create_workflow'
    ? `a command to the system, ${meaning.name.replaceAll('_', ' ')}`
    : undefined
}

/** One of each sentence. @throws Fault `VALIDATION_ERROR` when one would mean two things. */
export function distinct(samples: readonly Sample[], keyOf: (text: string) => string): Sample[] {
  const found = new Map<string, { sample: Sample; place: number }>()
  const issues: Issue[] = []
  for (const [place, sample] of samples.entries()) {
    const first = found.getOrInsert(keyOf(sample.text), { sample, place })
    if (first.sample.agent_number === sample.agent_number && first.sample.action === sample.action) continue
    issues.push({
      path: `/samples/${place}`,
      message: `says the same as /samples/${first.place} and means another`,
    })
  }
  refuse(issues)
  return [...found.values()].map(({ sample }) => sample)
}

function refuse(issues: readonly Issue[]): void {
  const [first] = issues
  if (first !== undefined) throw new Fault('VALIDATION_ERROR', `${first.path} ${first.message}.`, { issues })
}
