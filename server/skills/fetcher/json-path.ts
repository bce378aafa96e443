import { Type } from 'typebox'
import { sayCount } from '../say.ts'
import { action, shape } from '../skill.ts'
import { queryJson } from './json/query.ts'
import type { Matches } from './json/query.ts'

const SPOKEN_CHARACTERS_MAX = 200

export const json_path = action({
  summary: 'Picks values out of JSON by a path such as $.items[0].name.',
  parameters: shape({
    /** A value, or its JSON as text. */
    json: Type.Unknown(),
    path: Type.String({ minLength: 1, maxLength: 1_000 }),
  }),
  result: shape({ matches: Type.Array(Type.Unknown()), truncated: Type.Boolean() }),
  effect: 'read',
  pure: true,
  heavy: true,
  slots: { json: 'data', path: 'word' },
  questions: { json: 'Paste the JSON, please.', path: 'Which path, such as $.items[0].name?' },
  phrases: [
    '(get|pick|take|select|extract) [the] path {path} (from|of|in) [this|the] [json] {json}',
    '(json path|jsonpath) {path} (in|from|on|of) [this|the] [json] {json}',
    'what is at [the] path {path} (in|of) [this|the] [json] {json}',
    'apply [the] (json path|jsonpath) {path} to [this|the] [json] {json}',
    '(query|search) [this|the] json {json} (with|for|by) [the] [path] {path}',
    '(evaluate|follow) [the] (path|json path|jsonpath) {path} (on|in) [this|the] [json] {json}',
    'use [the] (json path|jsonpath) {path} on [this|the] [json] {json}',
    '(json path|jsonpath) query',
  ],
  examples: [
    'jsonpath $.store.name in {"store":{"name":"Nord"}}',
    'get the path $.items[0] from this json {"items":[4,5]}',
    'what is at $.user.city in the json I paste',
    'apply the json path $..price to this document',
    'pick $.rates.EUR out of {"rates":{"EUR":0.92}}',
    'extract the path $[*].id from the json [{"id":1},{"id":2}]',
    'run a jsonpath query for me',
    'query this json {"a":{"b":7}} with $.a.b',
    'use the jsonpath $.list[-1] on {"list":["x","y"]}',
    'follow the path $.next.url in that json',
    'evaluate $..name against the json below',
    'select every title with a json path',
    'I need the value under $.data.total of this json',
    'json path $.weather[0].temp please',
    'which values does $..email match in this json',
  ],
  perform: async (_can, { json, path }) => {
    const data = await queryJson(json, path)
    return { data, text: sayMatches(data) }
  },
})

function sayMatches({ matches, truncated }: Matches): string {
  const [first] = matches
  if (matches.length === 0) return truncated ? 'What is there is too large.' : 'Nothing is there.'
  if (matches.length > 1) return `${sayCount(matches.length, 'value')} found.`
  const said = typeof first === 'string' ? first : JSON.stringify(first)
  return said.length <= SPOKEN_CHARACTERS_MAX ? `It is ${said}.` : 'One value found.'
}
