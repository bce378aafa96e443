import type { Operation } from '../../../contract/operation.ts'
import type { Impact } from '../../../contract/system.ts'
import { canonical } from '../../kernel/canonical.ts'
import { digest } from '../../kernel/crypto.ts'
import { NO_IMPACT, UNTOUCHED, joinImpact } from '../changes/impact.ts'
import { sayFields } from '../changes/say.ts'
import type { Recorded } from '../changes/recorded.ts'

/** Fields whose values nobody but the caller may see. */
const SECRET =
  /pass(?:word|phrase)|secret|token|api_key|private_key|_code$|^(?:value|additional_fields|authenticator_data)$/i
const MASK = '****'
const SHOWN_CHARACTERS_MAX = 500

/** An input as its approver sees it: secrets masked, long texts cut. */
export function mask(input: unknown): unknown {
  if (typeof input === 'string')
    return input.length > SHOWN_CHARACTERS_MAX ? `${input.slice(0, SHOWN_CHARACTERS_MAX)}…` : input
  if (Array.isArray(input)) return input.map(mask)
  if (typeof input !== 'object' || input === null) return input
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [name, SECRET.test(name) ? MASK : mask(value)]),
  )
}

/** What a call would do, in sentences: from the changes that it made while it was simulated. */
export function assess(
  operation: Operation,
  recorded: readonly Recorded[],
): { impact_assessment: string; impact: Impact; version: string } {
  const irreversible = operation.irreversible === undefined ? [] : [operation.irreversible]
  const assessments = recorded.flatMap(({ assessment }) => assessment ?? [])
  const foreseen = assessments.map((one) => one.impact_assessment).filter((text) => text !== UNTOUCHED)
  const impact = assessments.map((one) => one.impact).reduce(joinImpact, { ...NO_IMPACT, irreversible })
  const sentences = recorded.map(({ description, before, after }) => {
    const fields = before === undefined || after === undefined ? '' : sayFields(before, after)
    return fields === '' ? description : `${description} ${fields}.`
  })
  const known = sentences.length === 0 ? [operation.summary] : sentences
  return {
    impact_assessment: [...known, ...foreseen, ...irreversible].join(' '),
    impact,
    version: versionOf(recorded),
  }
}

/** Of the state that everything was in before; a call is approved for that state and no other. */
export function versionOf(recorded: readonly Recorded[]): string {
  return digest(
    canonical(
      recorded.map(({ kind, target, before }) => [kind, before === undefined ? null : target, before]),
    ),
  )
}
