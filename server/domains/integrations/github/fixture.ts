import { readFileSync } from 'node:fs'
import type { TestContext } from 'node:test'
import type { Input } from '../../../../contract/operation.ts'
import type { OpenApiImported, integrations } from '../../../../contract/integrations.ts'
import { performAs } from '../../changes/fixture.ts'
import { openWithService } from '../rig.ts'
import type { Got, Rig } from '../rig.ts'

/** The document of a real service: 666 operations. */
export const GITHUB = readFileSync(
  new URL('../../../../node_modules/@github/openapi/dist/api.github.com.json', import.meta.url),
  'utf8',
)

interface Documented {
  paths: Record<string, Record<string, { operationId?: string; parameters?: unknown }>>
}

/** Which operation of a document a request means: the path with the most pieces of its own, as such services do it. */
export function operationsOf(text: string): (got: Pick<Got, 'method' | 'url'>) => string | undefined {
  const { paths } = JSON.parse(text) as Documented
  const routes = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { operationId }]) => ({
      method: method.toUpperCase(),
      slots: path.split('{').length,
      pattern: new RegExp(
        `^${path.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`).replaceAll(/\{[^{}]+\}/g, '[^/]+')}$`,
      ),
      operationId,
    })),
  )
  const sorted = routes.toSorted((a, b) => a.slots - b.slots)
  return ({ method, url }) => {
    const [path = ''] = url.split('?')
    return sorted.find((route) => route.method === method && route.pattern.test(path))?.operationId
  }
}

export interface GitHub extends Rig {
  /** Imports a document into agent 20, the real one unless said otherwise. */
  bring(more?: Partial<Input<typeof integrations.openapi>>): Promise<OpenApiImported>
}

/** A service that answers as its real document says what it is asked for, by whatever operation that is. */
export async function openGitHub(t: TestContext): Promise<GitHub> {
  const operationOf = operationsOf(GITHUB)
  const server = await openWithService(t, (got) => {
    const operation = operationOf(got)
    if (operation === undefined) return { status: 404, data: { message: 'Not Found' } }
    return {
      data: { operation, title: operation, body: got.body === '' ? null : (JSON.parse(got.body) as unknown) },
    }
  })
  await server.own({ name: 'Errands' })
  const bring: GitHub['bring'] = (more = {}) =>
    performAs(server, server.ann, 'integrations.openapi', {
      agent_number: 20,
      name: 'GitHub',
      document: GITHUB,
      base_url: server.origin,
      ...more,
    })
  return Object.assign(server, { bring })
}
