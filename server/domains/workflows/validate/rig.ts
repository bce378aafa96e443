import { Type } from 'typebox'
import type { TObject } from 'typebox'
import type { WorkflowDefinition, WorkflowStep } from '../../../../contract/workflows.ts'
import { START } from '../../../../test/app.ts'
import { action, shape } from '../../../skills/skill.ts'
import type { Action } from '../../../skills/skill.ts'
import { TemplateError, compileTemplate } from '../../language/template.ts'
import { validateDefinition } from './definition.ts'
import type { Known, KnownAgent } from './known.ts'

/** An action that must never be performed: definitions are only looked at. */
export function doing(parameters: TObject, more: Partial<Action> = {}): Action {
  return action({
    summary: 'Does something.',
    parameters,
    result: shape({}),
    effect: 'read',
    phrases: [],
    examples: [],
    perform: () => {
      throw new Error('An action was performed.')
    },
    ...more,
  })
}

export function agent(actions: Record<string, Action>, more: Partial<KnownAgent> = {}): KnownAgent {
  return { name: 'Agent', is_active: true, actions, aliases: new Set(), ...more }
}

const search = shape({
  query: Type.String({ minLength: 1, maxLength: 20 }),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
  tags: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 3 })),
  place: Type.Optional(shape({ city: Type.String(), zip: Type.Optional(Type.Integer()) })),
  kind: Type.Optional(Type.Enum(['note', 'list'])),
  when: Type.Optional(Type.Union([Type.Integer(), shape({ from: Type.String() })])),
  scores: Type.Optional(Type.Record(Type.String(), Type.Integer())),
  data: Type.Optional(Type.Unknown()),
})

/** Agent 0 with its own actions, 2 with notes, 3 switched off, 20 from outside. */
export const KNOWN: Known = {
  agents: new Map([
    [
      0,
      agent({
        wait: doing(shape({ seconds: Type.Optional(Type.Number()), until: Type.Optional(Type.String()) })),
        wait_for_approval: doing(
          shape({ text: Type.String(), timeout_seconds: Type.Optional(Type.Number()) }),
        ),
        notify: doing(shape({ text: Type.String() })),
        set: doing(shape({ value: Type.Unknown() })),
      }),
    ],
    [
      2,
      agent(
        { recall: doing(search), remember: doing(shape({ text: Type.String() })) },
        { name: 'Notes', aliases: new Set(['what did i say']) },
      ),
    ],
    [3, agent({ list: doing(shape({})) }, { name: 'Lists', is_active: false })],
    [20, agent({ echo: doing(shape({})) }, { name: 'Outside', open: true })],
  ]),
  time_zone: 'Europe/Berlin',
  now: START,
  findPhraseProblem: (phrase) => {
    try {
      compileTemplate(phrase)
      return undefined
    } catch (error) {
      if (error instanceof TemplateError) return error.message
      throw error
    }
  },
}

export function step(id: string, more: Partial<WorkflowStep> = {}): WorkflowStep {
  return { id, agent_number: 0, action: 'set', parameters: { value: 1 }, ...more }
}

/** A step that waits for others. */
export function after(id: string, ...depends_on: string[]): WorkflowStep {
  return step(id, { depends_on })
}

/** A step that reads something. */
export function reading(id: string, expression: string, more: Partial<WorkflowStep> = {}): WorkflowStep {
  return step(id, { parameters: { value: `{{${expression}}}` }, ...more })
}

export function definition(more: Partial<WorkflowDefinition> = {}): WorkflowDefinition {
  return {
    trigger: { type: 'manual', conditions: {} },
    steps: [step('a')],
    error_handling: { strategy: 'fail_fast', notification_on_error: true },
    timeout_ms: 60_000,
    retry_policy: { max_attempts: 1, backoff_strategy: 'fixed', delay_ms: 0 },
    ...more,
  }
}

export function steps(...list: WorkflowStep[]): WorkflowDefinition {
  return definition({ steps: list })
}

export function fallback(list: readonly WorkflowStep[], more: Partial<WorkflowDefinition> = {}) {
  return definition({
    error_handling: { strategy: 'fallback', fallback_steps: [...list], notification_on_error: false },
    ...more,
  })
}

/** Where what is wrong: each problem as `path CODE`, warnings with a question mark. */
export function found(given: unknown, known: Known = KNOWN): string[] {
  const { errors, warnings, valid } = validateDefinition(given, known)
  if (valid !== (errors.length === 0)) throw new Error('What has errors is not valid.')
  return [
    ...errors.map(({ path, code }) => `${path} ${code}`),
    ...warnings.map(({ path, code }) => `${path} ${code}?`),
  ]
}

/** The messages of all errors and warnings. */
export function said(given: unknown, known: Known = KNOWN): string[] {
  const { errors, warnings } = validateDefinition(given, known)
  return [...errors, ...warnings].map(({ message }) => message)
}
