/** Where a problem is told: with an error a workflow is not saved, a warning is worth knowing. */
type Severity = 'error' | 'warning' | 'both'

/** Every code, in the order in which the guide explains them. A code never changes its meaning. */
export const CODES = {
  SHAPE: ['error', 'A field is missing, not known or of another form than the API says.'],
  TOO_LARGE: ['error', 'The definition has more than 256 KiB as JSON; nothing else of it was looked at.'],
  NO_STEPS: ['error', 'There is nothing to do: a workflow has at least one step.'],
  TOO_MANY_STEPS: ['error', 'More than 200 steps, or more than 200 fallback steps.'],
  DUPLICATE_STEP: ['error', 'Two steps have the same id; fallback steps share the ids with the others.'],
  UNKNOWN_DEPENDENCY: ['error', 'A step waits for one that does not exist.'],
  SELF_DEPENDENCY: ['error', 'A step waits for itself.'],
  FALLBACK_DEPENDENCY: [
    'error',
    'A step waits for a fallback step, or a fallback step for one that is none.',
  ],
  CYCLE: ['error', 'Steps wait for each other. One circle is told of those that hang together.'],
  UNKNOWN_AGENT: ['error', 'You have no agent of this number.'],
  UNKNOWN_ACTION: ['error', 'The agent cannot do this.'],
  BAD_PARAMETERS: ['error', 'The action does not take these parameters, whatever their expressions give.'],
  BAD_EXPRESSION: ['error', 'A condition or something in `{{ }}` is not an expression.'],
  TOO_MANY_EXPRESSIONS: ['error', 'The definition has more than 2,000 expressions.'],
  UNKNOWN_STEP_REFERENCE: ['error', 'An expression reads a step that does not exist.'],
  NOT_YET_REFERENCE: [
    'both',
    'An expression reads a step that cannot have an outcome before (error), or need not have one (warning).',
  ],
  UNKNOWN_VARIABLE: ['error', 'An expression reads `vars`: workflows have no variables.'],
  NO_FALLBACK: ['error', 'The strategy is `fallback`, and there are no `fallback_steps`.'],
  UNKNOWN_CONDITION: ['error', 'The trigger does not have this condition.'],
  MISSING_CONDITION: ['error', 'The trigger needs this condition.'],
  BAD_CONDITION: ['error', 'A condition of the trigger has a wrong type or value.'],
  TOO_OFTEN: [
    'both',
    '`every_ms` is shorter than a minute (error), or `cron` names several seconds of one (warning).',
  ],
  BAD_CRON: ['error', '`cron` is not such an expression, or no time ever fits it.'],
  UNKNOWN_TIME_ZONE: ['error', 'There is no such time zone.'],
  UNUSABLE_SECRET: ['error', 'The credential that the trigger names is not there, or signs nothing.'],
  BAD_PHRASE: ['error', 'The phrase cannot be understood as one.'],
  MISSING_SOURCE_AGENT: ['error', '`agent_completion` needs a `source_agent`.'],
  UNUSED_SOURCE_AGENT: ['error', 'Only `agent_completion` has a `source_agent`.'],
  UNUSED_FALLBACK: ['warning', 'There are `fallback_steps`, and the strategy is another one.'],
  AGENT_OFF: ['warning', 'The agent is switched off.'],
  IN_THE_PAST: ['warning', '`at` has passed.'],
  NEVER_STARTS: ['warning', 'The trigger waits for an action that the agent does not have.'],
  STARTS_ITSELF: ['warning', 'A step does what starts the workflow.'],
  NEVER_RUNS: ['warning', 'The condition is `false`, or the step waits for steps that wait for each other.'],
  LONGER_THAN_WORKFLOW: [
    'warning',
    'A step may take longer, or waits longer, than the whole workflow may take.',
  ],
  NEVER_GIVEN: [
    'warning',
    'An expression reads what this trigger never gives, or `error` outside the fallback steps.',
  ],
  MORE: ['both', 'There are more problems than are told at once; the message says how many.'],
} as const satisfies Record<string, readonly [Severity, string]>

export type Code = keyof typeof CODES

const SAID: Record<Severity, string> = { error: 'error', warning: 'warning', both: 'error or warning' }

/** The table of the guide. */
export function codesTable(): string {
  const rows = Object.entries(CODES).map(
    ([code, [severity, text]]) => `| \`${code}\` | ${SAID[severity]} | ${text} |`,
  )
  return ['| code | is | what it says |', '|---|---|---|', ...rows].join('\n')
}
