import type { WorkflowDefinition, WorkflowStep } from '../../../../contract/workflows.ts'
import type { AgentNames } from './proposal.ts'
import { sayInterval, sayTrigger, shortText } from './say.ts'

/** Steps that are named one by one. */
const NAMED_MAX = 12
const VALUE_CHARACTERS_MAX = 60
const DAY_MS = 86_400_000

/** What a workflow does, in three to five sentences: when it runs, its steps, and what follows when one fails. */
export function explain(definition: WorkflowDefinition, names: AgentNames): string {
  const { trigger, steps, timeout_ms, retry_policy } = definition
  const { max_attempts } = retry_policy
  const tries =
    max_attempts === 1 ? 'Each step is tried once' : `Each step is tried up to ${max_attempts} times`
  return [
    `${sayTrigger(trigger, names)}, it runs ${steps.length === 1 ? 'one step' : `${steps.length} steps`}.`,
    saySteps(steps, names),
    sayFailure(definition),
    `${tries}, and a run takes at most ${sayInterval(timeout_ms, 'a')}.`,
    ...sayRuns(trigger.conditions['every_ms']),
  ].join(' ')
}

function saySteps(steps: readonly WorkflowStep[], names: AgentNames): string {
  const isList = steps.every(({ depends_on }) => depends_on === undefined)
  const said = steps
    .slice(0, NAMED_MAX)
    .map((step, index) =>
      steps.length === 1 ? sayStep(step, names) : `(${index + 1}) ${sayStep(step, names)}`,
    )
  const rest = steps.length - said.length
  const several = isList ? 'One after the other' : 'Each as soon as those before it are done'
  const order = steps.length === 1 ? 'That is to' : several
  return `${order}: ${[...said, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ')}.`
}

function sayStep(step: WorkflowStep, names: AgentNames): string {
  const condition = step.condition === undefined ? '' : `, ${sayCondition(step.condition)}`
  return `${sayAction(step, names)}${condition}`
}

function sayAction({ agent_number, action, parameters }: WorkflowStep, names: AgentNames): string {
  if (agent_number === 0) {
    const text = sayValue(
      parameters['text'] ?? parameters['event'] ?? parameters['seconds'] ?? parameters['until'],
    )
    const own: Readonly<Record<string, string>> = {
      notify: `tell you ${text}`,
      wait: `wait ${text}${parameters['seconds'] === undefined ? '' : ' seconds'}`,
      wait_for_approval: `ask you ${text} and wait for your answer`,
      wait_for_event: `wait for ${text}`,
      set: 'work something out',
    }
    const known = Object.hasOwn(own, action) ? own[action] : undefined
    if (known !== undefined) return known
  }
  const name = shortText(names.get(agent_number) ?? `agent ${agent_number}`, VALUE_CHARACTERS_MAX)
  const values = Object.entries(parameters).slice(0, 4)
  const given = values
    .map(([key, value]) => `${shortText(key, 40).replaceAll('_', ' ')} ${sayValue(value)}`)
    .join(', ')
  return `${name}: ${action.replaceAll('_', ' ')}${given === '' ? '' : ` (${given})`}`
}

/** A time that is told from when the run is. */
const DATED = /^\{\{(?:formatDate|date)\((?:addDays\()?(?:formatDate\()?now\b[^{}]*\}\}$/u

/** A value in quotes. What the run works out is "…". */
function sayValue(value: unknown): string {
  if (typeof value === 'string' && DATED.test(value)) return 'counted from each run'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return sayValue(value.join(', '))
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  const shown = shortText(withoutExpressions(text), VALUE_CHARACTERS_MAX)
  return shown.replaceAll(/[… ]/gu, '') === '' ? 'what was found' : `"${shown.replaceAll('"', "'")}"`
}

/** A text with every expression in it as "…"; an escaped brace is none. */
function withoutExpressions(text: string): string {
  return text.replaceAll(
    /(?<escape>\\)?\{\{(?:(?!\}\}).)*(?:\}\})?/gsu,
    (found, escape: string | undefined) => (escape === undefined ? '…' : found.slice(1)),
  )
}

const STEP = String.raw`steps\.(?<step>[\w-]+)`
const KNOWN: readonly { pattern: RegExp; say: (groups: Readonly<Record<string, string>>) => string }[] = [
  {
    pattern: new RegExp(
      String.raw`^${STEP}\.status !== 'completed'(?: \|\| steps\.\k<step>\.result\.status >= 400)?$`,
      'u',
    ),
    say: ({ step }) => `if "${step}" fails`,
  },
  {
    pattern: new RegExp(
      String.raw`^${STEP}\.status === 'completed'(?: && !\(steps\.\k<step>\.result\.status >= 400\))?$`,
      'u',
    ),
    say: ({ step }) => `if "${step}" works`,
  },
  {
    pattern: new RegExp(
      String.raw`^${STEP}\.status === 'completed' && steps\.\k<step>\.result\.\w+\.length > 0$`,
      'u',
    ),
    say: ({ step }) => `if "${step}" finds any`,
  },
  {
    pattern: new RegExp(
      String.raw`^${STEP}\.status === 'completed' && steps\.\k<step>\.result\.\w+\.length === 0$`,
      'u',
    ),
    say: ({ step }) => `if "${step}" finds none`,
  },
  {
    pattern: new RegExp(
      String.raw`^${STEP}\.status === 'completed' && steps\.\k<step>\.result\.\w+\.length (?<sign>>=|>|<) (?<count>\d+)$`,
      'u',
    ),
    say: ({ step, sign = '', count }) =>
      `if "${step}" finds ${{ '>': 'more than', '<': 'fewer than', '>=': 'at least' }[sign]} ${count}`,
  },
  {
    pattern: new RegExp(
      String.raw`^${STEP}\.status === 'completed' && .*\.toLowerCase\(\)\.includes\((?<words>".*")\)$`,
      'u',
    ),
    say: ({ step, words }) => `if "${step}" says ${words}`,
  },
  {
    pattern: new RegExp(
      String.raw`^${STEP}\.status === 'completed' && steps\.\k<step>\.result\.approved === true$`,
      'u',
    ),
    say: () => 'if you agree',
  },
  {
    pattern: /^steps\.watches\.status === 'completed' && !steps\.watches\.result\.watches\.some\(/u,
    say: () => 'if it is not watched yet',
  },
  {
    pattern:
      /^steps\.watches\.status === 'completed' && steps\.watches\.result\.watches\.some\([^;]*last_change[^;]*\)$/u,
    say: () => 'if it has changed',
  },
]

/** The conditions that sentences make, in words; others as they are written. */
export function sayCondition(source: string): string {
  const negated = /^!\((?<inner>.*)\)$/su.exec(source)?.groups?.['inner']
  for (const { pattern, say } of KNOWN) {
    const found = pattern.exec(negated ?? source)
    if (found !== null)
      return negated === undefined
        ? say(found.groups ?? {})
        : say(found.groups ?? {}).replace(/^if/u, 'unless')
  }
  const pair = /^\((?<one>.*?)\) && \((?<other>.*)\)$/su.exec(source)?.groups
  const both = [pair?.['one'], pair?.['other']].map((part) =>
    part === undefined ? 'only' : sayCondition(part),
  )
  if (both.every((said) => !said.startsWith('only'))) return both.join(' and ')
  return `only if ${shortText(source, 120)}`
}

function sayFailure({ error_handling, steps }: WorkflowDefinition): string {
  const { strategy, fallback_steps = [], notification_on_error } = error_handling
  const told = notification_on_error ? 'you are told' : 'there is no further notice'
  if (strategy === 'fallback')
    return `When a step fails, ${fallback_steps.length} other steps are run in its place; if these fail too, ${told}.`
  if (steps.length === 1) return `When it fails, ${told}.`
  return strategy === 'continue'
    ? `When a step fails, the others go on all the same, and ${told}.`
    : `When a step fails, the rest is not done, and ${told}.`
}

function sayRuns(every_ms: unknown): string[] {
  if (typeof every_ms !== 'number' || every_ms >= DAY_MS / 2) return []
  return [`That is ${Math.floor(DAY_MS / every_ms)} runs a day.`]
}
