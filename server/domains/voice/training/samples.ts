import type { Issue } from '../../../../contract/errors.ts'
import type { Input } from '../../../../contract/operation.ts'
import type { voice } from '../../../../contract/voice.ts'
import type { Call } from '../../../kernel/answers.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import type { Skill } from '../../../skills/skill.ts'
import type { Agents } from '../../agents/index.ts'
import type { Understood } from '../../language/understand.ts'

/** What was said in a sound, in a language or in whichever it is. @throws Fault when nobody can hear it */
export type Transcribe = (call: Call, audio_data: string, language: string | undefined) => Promise<string>

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
): Promise<Sample[]> {
  const heard: Sample[] = []
  const issues: Issue[] = []
  for (const [place, { text, audio_data, agent_number, action }] of samples.entries()) {
    if (agent_number === undefined || action === undefined) {
      const name = agent_number === undefined ? 'agent_number' : 'action'
      issues.push({ path: `/samples/${place}/${name}`, message: 'is required' })
      continue
    }
    call.signal?.throwIfAborted()
    const said = text ?? (audio_data === undefined ? '' : await transcribe(call, audio_data, language))
    if (/[\p{L}\p{N}]/u.test(said)) heard.push({ text: said.trim(), agent_number, action })
    else issues.push({ path: `/samples/${place}/${nameOf(text, audio_data)}`, message: missing(audio_data) })
  }
  refuse(issues)
  return heard
}

function nameOf(text: string | undefined, audio_data: string | undefined): string {
  return text === undefined && audio_data !== undefined ? 'audio_data' : 'text'
}

function missing(audio_data: string | undefined): string {
  return audio_data === undefined ? 'must have a word in it' : 'has no word in it'
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
  samples: readonly Sample[],
  understand: (text: string) => Promise<Understood>,
): Promise<void> {
  const issues: Issue[] = []
  for (const [place, { text, agent_number, action }] of samples.entries()) {
    const { tier, meaning } = await understand(text)
    if (tier !== 'template' || meaning?.agent_number !== 0 || meaning.name === 'create_workflow') continue
    if (agent_number === 0 && action === meaning.name) continue
    const message = `is a command to the system, ${meaning.name.replaceAll('_', ' ')}, and stays one`
    issues.push({ path: `/samples/${place}/text`, message })
  }
  refuse(issues)
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
