import type { SystemHealth } from '../contract/system.ts'
import type { Context } from './context.ts'
import { EXIT } from './exit.ts'
import type { Answer } from './exit.ts'
import { duration, oneLine, table } from './print.ts'

/** How the server is; somebody who is not signed in is told in a word. */
export async function status({ client }: Context): Promise<Answer> {
  const health = await client.ask('system.health')
  const exit = health.status === 'unhealthy' ? EXIT.failed : EXIT.done
  if (!('resources' in health)) {
    return { data: health, text: `The server is ${health.status}. Sign in to see more: paios login`, exit }
  }
  return { data: health, text: toText(health), exit }
}

function toText({
  status: word,
  version,
  uptime,
  agents,
  resources,
  external_services,
}: SystemHealth): string {
  const { cpu_usage, memory_usage, disk_usage, network_latency } = resources
  return table([
    ['status', word],
    ['version', oneLine(version)],
    ['up for', duration(uptime) ?? `${Math.round(uptime)} s`],
    ['agents', `${agents.active} of ${agents.total} active, ${agents.error} with an error`],
    ['cpu', `${cpu_usage} %`],
    ['memory', `${memory_usage} %`],
    ['disk', `${disk_usage} %`],
    ['latency', `${Math.round(network_latency)} ms`],
    ...external_services.map((service) => [oneLine(service.name), service.status]),
  ])
}
