import { Type } from 'typebox'
import type { VoiceCommand } from '../../../../contract/agents.ts'
import type { RemoteAction } from '../../../../contract/messages.ts'
import type { Issue } from '../../../../contract/errors.ts'
import type { Capabilities } from '../../../skills/capabilities.ts'
import { shape } from '../../../skills/skill.ts'
import type { Action, Skill } from '../../../skills/skill.ts'
import { findSchemaIssues, findValueIssues } from '../../../kernel/foreign-schema.ts'
import type { ForeignSchema } from '../../../kernel/foreign-schema.ts'

/** What an agent from outside said that it can do, and how it is to be set up. */
export interface Registration {
  /** As it was registered; the agent may be called otherwise by now. */
  name: string
  voice_commands: readonly VoiceCommand[]
  capabilities: readonly string[]
  actions: readonly RemoteAction[]
  config_schema: ForeignSchema
}

/** The skill that stands for an agent from outside: each of its capabilities is an action that asks it. */
export function remoteSkill(name: string, agent: Skill['agent'], registration: Registration): Skill {
  const told = new Map(registration.actions.map((one) => [one.name, one]))
  const names = [...new Set([...registration.capabilities, ...told.keys()])]
  return {
    name,
    agent,
    needs: ['remote'],
    actions: Object.fromEntries(names.map((one) => [one, remoteAction(one, told.get(one))])),
  }
}

function remoteAction(name: string, told: RemoteAction | undefined): Action {
  const parameters = told?.parameters
  return {
    summary: told?.summary ?? `Asks it to ${name.replaceAll('_', ' ')}.`,
    // Every parameter is a slot that may be said; the values are checked by the schema that came from outside.
    parameters: shapeOf(parameters),
    ...(parameters === undefined ? {} : { check: (given) => findValueIssues(parameters, given) }),
    result: shape({}),
    effect: told?.effect ?? 'network',
    remote: true,
    phrases: told?.phrases ?? [],
    examples: [],
    perform: (can: Pick<Capabilities, 'remote'>, given) => can.remote.perform(name, given),
  }
}

function shapeOf(schema: ForeignSchema | undefined) {
  const properties = schema?.['properties']
  const names = typeof properties === 'object' && properties !== null ? Object.entries(properties) : []
  return Type.Object(Object.fromEntries(names.map(([name, one]) => [name, Type.Optional(slotShape(one))])), {
    additionalProperties: true,
  })
}

function slotShape(one: unknown) {
  const type = (one as { type?: unknown } | null)?.type
  if (type === 'number') return Type.Number()
  if (type === 'integer') return Type.Integer()
  if (type === 'array') return Type.Array(Type.Unknown())
  return type === 'string' ? Type.String() : Type.Unknown()
}

/** Phrases of one agent: every sentence is held against all of them. */
const PHRASES_MAX = 200

/** Everything that is wrong with a registration. */
export function findRegistrationIssues(registration: Registration): Issue[] {
  const { actions, capabilities, config_schema } = registration
  const twice = capabilities.filter((name, index) => capabilities.indexOf(name) !== index)
  const known = new Set(capabilities)
  const phrases = actions.reduce((sum, one) => sum + (one.phrases?.length ?? 0), 0)
  return [
    ...twice.map((name) => ({ path: '/capabilities', message: `has ${JSON.stringify(name)} twice` })),
    ...(phrases > PHRASES_MAX
      ? [{ path: '/actions', message: `must not have more than ${PHRASES_MAX} phrases in all` }]
      : []),
    ...findSchemaIssues(config_schema, '/config_schema'),
    ...actions.flatMap(({ name, parameters }, index) => [
      ...(known.has(name)
        ? []
        : [{ path: `/actions/${index}/name`, message: 'is not one of the capabilities' }]),
      ...(parameters === undefined ? [] : findSchemaIssues(parameters, `/actions/${index}/parameters`)),
    ]),
  ].slice(0, 100)
}
