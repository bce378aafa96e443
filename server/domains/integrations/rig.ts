import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import type { Agent } from '../../../contract/agents.ts'
import type { ExternalIntegration, HttpAction } from '../../../contract/integrations.ts'
import { openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'
import { openCanary } from '../egress/rig.ts'

/** A request as a service got it. */
export interface Got {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: string
}
/** What a service answers: a status and JSON, or whatever the test does itself. */
export type Answering = (got: Got, response: ServerResponse) => { status?: number; data: unknown } | void

export interface Rig extends Server {
  /** Where the service is. */
  origin: string
  port: number
  got: Got[]
}

/** A server whose operator allows one service on this machine, which answers as the test says. */
export async function openWithService(
  context: TestContext,
  answer: Answering = () => ({ data: { ok: true } }),
): Promise<Rig> {
  const got: Got[] = []
  const canary = await openCanary(context, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const one = { method, url, headers, body: Buffer.concat(chunks).toString() }
      got.push(one)
      const said = answer(one, response)
      if (said === undefined) return
      response.writeHead(said.status ?? 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(said.data))
    })
  })
  const server = await openServer(context, { lan: [`127.0.0.1:${canary.port}`] })
  return Object.assign(server, { origin: `http://127.0.0.1:${canary.port}`, port: canary.port, got })
}

/** An integration of the type `http`. */
export function http(base_url: string, more: Partial<ExternalIntegration> = {}): ExternalIntegration {
  return { id: 'shop', name: 'Shop', type: 'http', base_url, allowed_hosts: [], enabled: true, ...more }
}

export const text = { type: 'string' }

/** An action with these parameters, all of which are needed unless said otherwise. */
export function declared(
  given: Pick<HttpAction, 'name' | 'method' | 'path'> & Partial<HttpAction>,
  properties: Record<string, object> = {},
  required: string[] = Object.keys(properties),
): HttpAction {
  const parameters = { type: 'object', properties, required, additionalProperties: false }
  return { parameters, ...given }
}

/** An agent of Ann's own with these integrations. */
export function agentWith(server: Server, ...external_integrations: ExternalIntegration[]): Promise<Agent> {
  return server.own({ name: 'Errands', config: { external_integrations } })
}
