/** Lists that servers of today may have more in, such as built-in agents and what these can do. */
const GROWING = /\/(?:agents|available_actions)$/

/** What of an old answer is not in the one of today, by place. Fields that are new do not count. */
export function differences(then: unknown, now: unknown, at = ''): string[] {
  if (!isObject(then) || !isObject(now)) {
    return Object.is(then, now) ? [] : [`${at}: ${show(then)} is ${show(now)}`]
  }
  if (Array.isArray(then) && Array.isArray(now)) {
    if (GROWING.test(at)) return then.flatMap((one) => differences(one, counterpart(one, now), at))
    if (then.length !== now.length) return [`${at}: ${then.length} are ${now.length}`]
  }
  const today = new Map(Object.entries(now))
  return Object.entries(then).flatMap(([name, value]) => differences(value, today.get(name), `${at}/${name}`))
}

function counterpart(one: unknown, among: readonly unknown[]): unknown {
  if (!isObject(one)) return among.find((other) => other === one)
  return among.find((other) => isObject(other) && 'id' in one && 'id' in other && one.id === other.id)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function show(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 120) ?? 'missing'
}
