import type { Issue } from '../../../contract/errors.ts'
import type { Operation } from '../../../contract/operation.ts'
import type { Call } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import { findIssues } from '../../kernel/validate.ts'
import { veilNames } from '../../kernel/veil.ts'

type Input = Record<string, unknown>

/**
 * @param called - what the caller calls fields that are called otherwise in the input.
 * @throws Fault `VALIDATION_ERROR` that lists everything that is wrong, by the caller's own names.
 */
export function validate(
  operation: Operation,
  input: Input,
  earlier: readonly Issue[] = [],
  called: ReadonlyMap<string, string> = new Map(),
): void {
  const found = veilNames(operation.input, findIssues(operation.input, input))
  const issues = [...veilNames(operation.input, earlier), ...found.map((one) => asCalled(one, called))]
  if (issues.length > 0) throw new Fault('VALIDATION_ERROR', describe(issues), { issues })
}

function asCalled({ path, message }: Issue, called: ReadonlyMap<string, string>): Issue {
  const [, field = '', ...below] = path.split('/')
  const name = called.get(field)
  if (name === undefined) return { path, message }
  return { path: [...(name === '' ? [] : [name]), ...below].map((one) => `/${one}`).join(''), message }
}

/** @throws Fault `UNAUTHORIZED` with status 403. */
export function authorise({ who, agents, name }: Operation, { caller }: Call): void {
  if (caller?.agent_id !== undefined && !agents && who !== 'public')
    throw new Fault('UNAUTHORIZED', `An agent may not ask for ${name}.`, undefined, { status: 403 })
  if (who !== 'owner' || caller?.role === 'owner') return
  throw new Fault('UNAUTHORIZED', 'Only the owner of this server may do this.', undefined, { status: 403 })
}

export function notBuilt({ name }: Operation): Fault {
  return new Fault('SERVICE_UNAVAILABLE', `${name} is not built yet.`, { reason: 'not_built' })
}

export function statusOf({ outcome, http }: Operation): number {
  return outcome === 'accepted' ? 202 : http.status
}

export function targetOf({ id }: Input): string | null {
  return typeof id === 'string' ? id.slice(0, 64) : null
}

function describe(issues: readonly Issue[]): string {
  const [first] = issues
  const more = issues.length > 1 ? `, and ${issues.length - 1} more` : ''
  return `The input is not valid: ${first?.path === '' ? 'it' : first?.path} ${first?.message}${more}.`
}
