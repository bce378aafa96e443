import { dirname, join } from 'node:path/posix'
import { isTest } from './source.ts'
import type { Source } from './source.ts'

/** The domains in the order in which they are opened: each may name only earlier ones, and only their types. */
const DOMAINS =
  'auth audit changes settings retention approvals files egress notifications vault integrations speech memory agents workflows architecture language measures voice system backup account'.split(
    ' ',
  )

/** What each layer may import of the project; the longest matching prefix of the importing file counts. */
const MAY_IMPORT: Readonly<Record<string, RegExp>> = {
  'contract/': /^contract\//,
  'server/kernel/': /^(?:contract|server\/kernel)\//,
  'server/skills/': /^(?:contract|server\/skills)\//,
  'server/domains/':
    /^(?:contract|server\/kernel|server\/skills\/(?:skill|capabilities)\.ts|server\/domains)/,
  'server/transports/': /^(?:contract|server\/kernel|server\/transports)\//,
  'server/': /^(?:contract|server)\//,
  'page/': /^(?:contract|page)\//,
  'sdk/': /^(?:contract|sdk)\//,
  'cli/':
    /^(?:contract|sdk|cli|server\/(?:main|version|offline|offline-changes|root-key|doctor\/index)\.ts|server\/kernel\/(?:settings|files|ring|audit\/offline|backup\/(?:tar|manifest))\.ts|server\/transports\/control\.ts)/,
}

/** Things that are injected everywhere but in the file that makes them. */
const INJECTED: readonly { pattern: RegExp; what: string; only: RegExp }[] = [
  {
    pattern: /\bDate\.now\(|new Date\(\)|performance\.now\(/,
    what: 'the time',
    only: /^server\/kernel\/clock\.ts$/,
  },
  {
    pattern: /\bset(?:Timeout|Interval)\(/,
    what: 'a timer',
    only: /^server\/(?:kernel\/clock|main)\.ts$|^server\/transports\//,
  },
  {
    pattern: /\bMath\.random\(|\brandomBytes\(|\brandomUUID\(/,
    what: 'randomness',
    only: /^server\/kernel\/ids\.ts$/,
  },
  { pattern: /\bprocess\.env\b/, what: 'the environment', only: /^server\/main\.ts$/ },
  { pattern: /\bnode:vm\b|\beval\(|new Function\(/, what: 'running text as code', only: /^$/ },
  {
    pattern: /\bnode:child_process\b/,
    what: 'starting programs',
    only: /^server\/domains\/speech\/(?:host\/|mouth\/espeak\.ts$)/,
  },
]

/** Where connections may be opened: outwards by the egress alone, to listen in the transports. */
const CONNECTS = /^server\/(?:domains\/egress|transports)\//
/** What opens connections by being called: neither a method of that name nor the line that declares one. */
const CONNECTING =
  /(?<![.\w])(?:fetch|WebSocket|EventSource)\((?!\w+\??: |\)\s*[:{])|\bglobalThis\.(?:fetch|WebSocket|EventSource)\b/
/** Modules that open connections, in every form in which one can be loaded; an import of types alone loads nothing. */
const NETWORK =
  /(?:^import(?<types> type)?\b(?<names>[^;'"]*?)|^export (?:type )?[^;'"]*? from |\bimport\(|\brequire\(|\bgetBuiltinModule\()\s*['"](?<module>(?:node:)?(?:net|tls|http|https|http2|dgram|dns|dns\/promises)|undici|socket\.io-client)['"]/gm
/** What `node:net` holds that only looks at addresses. */
const LOOKS = /^\s*\{\s*(?:(?:isIP|isIPv4|isIPv6|BlockList),?\s*)+\}\s*from$/

interface Import {
  line: number
  target: string
  types: boolean
}

/** Every breach of the layers, as `file:line what`. */
export function findBreaches(files: readonly Source[]): string[] {
  return files
    .filter(({ path }) => path.endsWith('.ts') && !isTest(path))
    .flatMap((file) => [...ofImports(file), ...ofInjected(file), ...ofConnections(file)])
}

function ofImports({ path, text }: Source): string[] {
  const layer = Object.keys(MAY_IMPORT).find((prefix) => path.startsWith(prefix))
  const allowed = layer === undefined ? undefined : MAY_IMPORT[layer]
  if (allowed === undefined) return []
  return importsOf(path, text).flatMap(({ line, target, types }) => {
    if (!allowed.test(target)) return [`${path}:${line} may not import ${target}`]
    const own = domainOf(path)
    const other = domainOf(target)
    if (own === undefined || other === undefined || own === other) return []
    if (DOMAINS.indexOf(other) > DOMAINS.indexOf(own) && !(own === 'voice' && other === 'system'))
      return [`${path}:${line} names the later domain ${other}`]
    return types || isPure(target) ? [] : [`${path}:${line} imports more than types of ${other}`]
  })
}

function ofInjected({ path, text }: Source): string[] {
  if (!path.startsWith('server/')) return []
  return text.split('\n').flatMap((line, index) => {
    if (/^\s*(?:\/\/|\*|\/\*)/.test(line) || path.endsWith('out-of-scope.ts')) return []
    return INJECTED.filter(({ pattern, only }) => pattern.test(line) && !only.test(path)).map(
      ({ what }) => `${path}:${index + 1} takes ${what} for itself; it is injected`,
    )
  })
}

function ofConnections({ path, text }: Source): string[] {
  if (!path.startsWith('server/')) return []
  const called = text.split('\n').flatMap((line, index) => {
    const isProse = /^\s*(?:\/\/|\*|\/\*)/.test(line) || path.endsWith('out-of-scope.ts')
    return isProse || CONNECTS.test(path) || !CONNECTING.test(line) ? [] : [index + 1]
  })
  const loaded = [...text.matchAll(NETWORK)].flatMap(({ 0: all, index, groups = {} }) => {
    const { types, names = '', module = '' } = groups
    const isNet = module.endsWith('net')
    if (types !== undefined || (isNet && LOOKS.test(names))) return []
    if (module !== 'socket.io-client') {
      if (CONNECTS.test(path) && module !== 'undici') return []
      if (module === 'undici' && path.startsWith('server/domains/egress/')) return []
      // The server measures how long a connection to itself takes.
      if (isNet && path === 'server/main.ts') return []
    }
    return [text.slice(0, index + all.length).split('\n').length]
  })
  return [...called, ...loaded]
    .toSorted((a, b) => a - b)
    .map((line) => `${path}:${line} opens a connection; only the egress does`)
}

/** Pure functions may be shared: they hold no state and no queries. */
function isPure(target: string): boolean {
  return /\/(?:kinds|understand|capabilities|names|mask|impact|patch|say|clauses|words|period)\.ts$/.test(
    target,
  )
}

function domainOf(path: string): string | undefined {
  return /^server\/domains\/([^/]+)\//.exec(path)?.[1]
}

/** `import ... from`, `export ... from`, and what is loaded without a name: `import './x.ts'`, `import('./x.ts')`. */
const IMPORT =
  /^(?:import|export) (type )?(?:\*(?: as \w+)?|\w+|(?:\w+, )?\{[^}]*\}) from '(\.[^']+)'|\bimport(?: |\()'(\.[^']+)'/gm

function importsOf(path: string, text: string): Import[] {
  return [...text.matchAll(IMPORT)].map(({ index, 1: types, 2: from, 3: loaded = '' }) => ({
    line: text.slice(0, index).split('\n').length,
    target: join(dirname(path), from ?? loaded),
    types: types !== undefined,
  }))
}
