import type { NetCapability, NetRequest, NetResponse, WorkerCapability } from '../capabilities.ts'
import { ActionError } from '../skill.ts'
import type { Skill } from '../skill.ts'

/** What an address answers: 200 and `text/html` unless it says otherwise. */
export interface Answer {
  status?: number
  type?: string
  headers?: Record<string, string>
  body?: string | Uint8Array
  /** Where the answer really came from. */
  url?: string
  /** The body is not all that was answered. */
  cut?: true
}

/** A web of a few addresses, some of which cannot be reached. */
export interface Web {
  net: NetCapability
  /** What was asked for, oldest first. */
  asked: NetRequest[]
  pages: Map<string, Answer | ActionError>
  ports: Map<string, boolean | ActionError>
}

export function openWeb(pages: Record<string, Answer | ActionError> = {}): Web {
  const asked: NetRequest[] = []
  const web: Web = { asked, pages: new Map(Object.entries(pages)), ports: new Map(), net: { request, probe } }
  async function request(given: NetRequest): Promise<NetResponse> {
    asked.push(given)
    const answer = web.pages.get(given.url) ?? new ActionError(`${given.url} is not known.`)
    if (answer instanceof ActionError) throw answer
    const { status = 200, type = 'text/html', headers = {}, body = '', url = given.url, ...cut } = answer
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
    return Promise.resolve({
      status,
      url,
      headers: { 'content-type': type, ...headers },
      body: bytes,
      ...cut,
    })
  }
  async function probe({ host, port }: { host: string; port: number }) {
    const answer = web.ports.get(`${host}:${port}`) ?? false
    if (answer instanceof ActionError) throw answer
    return Promise.resolve({ open: answer, ms: 1 })
  }
  return web
}

/** Performs the pure actions of a skill right here. */
export function workerOf(
  skill: Skill,
  can: Parameters<Skill['actions'][string]['perform']>[0],
): WorkerCapability {
  return {
    perform: async (name, parameters) => {
      const action = skill.actions[name]
      if (action?.pure !== true) throw new Error(`${name} is no pure action.`)
      return (await action.perform(can, parameters)).data
    },
  }
}
