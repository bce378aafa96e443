import type { ImportInput } from '../../../contract/account.ts'
import type { Skill } from '../../skills/skill.ts'
import type { KnownAgent } from '../agents/index.ts'

type Entry<K extends 'agents' | 'workflows' | 'triggers' | 'memories' | 'records'> = NonNullable<
  ImportInput[K]
>[number]

/** Sentences that one answer tells, and characters of what somebody wrote in one of them. */
const WARNINGS_MAX = 200
const QUOTED_MAX = 120

/** What a workflow begins by without being asked. */
const BEGINS: Readonly<Partial<Record<Entry<'triggers'>['type'], string>>> = {
  schedule: 'by the clock',
  webhook: 'when its webhook is called',
  agent_completion: 'when an agent is done',
}

/** Collects sentences, each once with how often it was said, up to a bound. */
export function openWarnings() {
  const said = new Map<string, number>()
  let untrusted = 0
  return {
    say: (sentences: readonly string[]) => {
      for (const sentence of sentences) said.set(sentence, (said.get(sentence) ?? 0) + 1)
    },
    untrusted: () => void (untrusted += 1),
    all: (): string[] => {
      const less =
        untrusted === 0
          ? []
          : [`${untrusted} memories say that they are trusted, and are not: they came from others than you.`]
      const counted = [...said].map(([sentence, times]) =>
        times === 1 ? sentence : `${sentence} (${times} times)`,
      )
      const all = [...less, ...counted]
      if (all.length <= WARNINGS_MAX) return all
      return [...all.slice(0, WARNINGS_MAX - 1), `And ${all.length - WARNINGS_MAX + 1} more like these.`]
    },
  }
}

/** What an agent that was made or set up reaches, and whether it is switched off by that. */
export function ofAgent(entry: Entry<'agents'>, before: Pick<KnownAgent, 'is_active'> | undefined): string[] {
  const { agent_number, name, is_active, config } = entry
  const integrations = (config?.external_integrations ?? []).filter(({ enabled }) => enabled)
  return [
    ...(before?.is_active === true && is_active === false
      ? [`Agent ${agent_number}, ${quoted(name)}, is switched off.`]
      : []),
    ...integrations.map(({ name: service, type, base_url, allowed_hosts, command }) => {
      const where = [base_url ?? [], allowed_hosts, command?.join(' ') ?? []].flat().join(', ')
      const to = where === '' ? '' : `: ${quoted(where)}`
      return `Agent ${agent_number}, ${quoted(name)}, reaches ${quoted(service)} (${type})${to}.`
    }),
  ]
}

/** What a workflow begins by, and which of its steps may leave the machine. */
export function ofWorkflow<A>(
  { name, is_active, definition }: Entry<'workflows'>,
  agents: ReadonlyMap<number, A>,
  needsOf: (agent: A) => Skill['needs'],
): string[] {
  const begins = BEGINS[definition.trigger.type]
  const steps = [...definition.steps, ...(definition.error_handling.fallback_steps ?? [])]
  const outward = steps.flatMap(({ agent_number, action }) => {
    const agent = agents.get(agent_number)
    const needs = agent && needsOf(agent)
    const isOutward = needs?.includes('net') === true || needs?.includes('remote') === true
    return isOutward ? [`${action} of agent ${agent_number}`] : []
  })
  return [
    ...(begins === undefined || is_active === false
      ? []
      : [`The workflow ${quoted(name)} begins by itself, ${begins}.`]),
    ...(outward.length === 0
      ? []
      : [
          `The workflow ${quoted(name)} may reach other machines: ${quoted([...new Set(outward)].join(', '))}.`,
        ]),
  ]
}

export function ofTrigger({ agent_number, workflow, type }: Entry<'triggers'>): string[] {
  const begins = BEGINS[type]
  return begins === undefined
    ? []
    : [`Agent ${agent_number} begins the workflow ${quoted(workflow)}, ${begins}.`]
}

export function ofInstruction({ agent_number, content }: Entry<'memories'>): string[] {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  return [`Agent ${agent_number} is given a standing instruction: ${quoted(text)}`]
}

/** What a document does by itself. */
export function ofRecord({ agent_number, collection, ...record }: Entry<'records'>, skill: Skill): string[] {
  const acts = skill.keeps?.[collection]?.acts?.(record)
  return acts === undefined ? [] : [`Agent ${agent_number} ${quoted(acts)}.`]
}

function quoted(text: string): string {
  const line = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
  return line.length > QUOTED_MAX ? `${line.slice(0, QUOTED_MAX - 1)}…` : line
}
