import type { Issue } from '../../../contract/errors.ts'
import type { ExternalIntegration, HttpAction } from '../../../contract/integrations.ts'
import { findValueIssues } from '../../kernel/foreign-schema.ts'
import type { Assessor, Change } from '../changes/impact.ts'
import type { State } from '../changes/kinds.ts'
import { isHttp } from './equip.ts'
import { isMap } from './settled.ts'

/** Everything that is wrong with how an integration renews its credential; paths begin with its place in the list. */
export function findRotationIssues(
  one: ExternalIntegration,
  index: number,
  imported: readonly HttpAction[],
): Issue[] {
  if (!isHttp(one) || one.rotation === undefined) return []
  const { action: name, parameters = {} } = one.rotation
  const at = (path: string, message: string): Issue => ({ path: `/${index}/rotation${path}`, message })
  const action = [...(one.actions ?? []), ...imported].find((known) => known.name === name)
  if (one.credential_id === undefined)
    return [at('', 'says how a credential is renewed, and there is no credential_id')]
  if (action === undefined) return [at('/action', `is ${name}, which is no action of the integration`)]
  if (action.method === 'HEAD') return [at('/action', 'answers with nothing that a secret could be in')]
  const schema = action.parameters ?? { type: 'object', additionalProperties: false }
  return findValueIssues(schema, parameters).map(({ path, message }) => at(`/parameters${path}`, message))
}

/** That a service comes to change a secret by itself: what it changes there, no rollback here brings back. */
export const renewalImpact: Assessor = ({ kind, before, after }: Change) => {
  if (kind !== 'agent') return Promise.resolve({})
  const known = new Set(renewedIn(before))
  return Promise.resolve({ irreversible: renewedIn(after).filter((text) => !known.has(text)) })
}

/** Each as it is said. */
function renewedIn(state: State | undefined): string[] {
  const config = state?.['config']
  const list: unknown = isMap(config) ? config['external_integrations'] : undefined
  return (Array.isArray(list) ? list : []).flatMap((one: unknown) => {
    if (!isMap(one) || one['enabled'] !== true || !isMap(one['rotation'])) return []
    return [
      `a secret that ${String(one['name'])} replaces by ${String(one['rotation']['action'])} before its credential ends`,
    ]
  })
}
