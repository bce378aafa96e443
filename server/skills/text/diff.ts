import { Type } from 'typebox'
import { sayCount, sayList } from '../say.ts'
import { action, shape } from '../skill.ts'
import { TEXT_CHARACTERS_MAX } from './bounds.ts'
import { changesBetween } from './edits/changes.ts'
import type { Change } from './edits/changes.ts'

/** More changes than this are counted instead of read aloud, and so are longer ones. */
const SPOKEN_MAX = 4
const SPOKEN_CHARACTERS_MAX = 80

const Version = Type.String({ maxLength: TEXT_CHARACTERS_MAX })

export const diff = action({
  summary: 'Shows what changed between two versions of a text.',
  parameters: shape({ before: Version, after: Version }),
  result: shape({
    identical: Type.Boolean(),
    changes: Type.Array(shape({ kind: Type.Enum(['same', 'added', 'removed']), text: Type.String() })),
  }),
  effect: 'read',
  pure: true,
  heavy: true,
  slots: { before: 'text', after: 'text' },
  questions: { before: 'What is the first version?', after: 'And the second version?' },
  phrases: [
    'diff {before} (and|against|with|vs|versus) {after}',
    'what is the difference between the (texts|sentences|versions|wordings) {before} and {after}',
    'what is different between the (texts|sentences|versions|wordings) {before} and {after}',
    '(show|find|spot|highlight) the (changes|differences|edits) (between|from) {before} (and|to) {after}',
    '(show|find|spot|highlight) the (changes|differences|edits) before {before} after {after}',
    '(what changed|show me what changed) old {before} new {after}',
    'compare the (texts|sentences|versions|wordings) {before} (and|with|against|to) {after}',
    'compare (version one|the first version|the old text) {before} (with|and|to) (version two|the second version|the new text) {after}',
    'are these [two] (identical|the same) {before} (vs|versus|and) {after}',
  ],
  examples: [
    'compare these two versions of my paragraph',
    'what did they change in the contract text',
    'show me the differences between the two drafts',
    'diff "open at nine" against "open at ten"',
    'is there any difference between "flat 4b" and "flat 4d"',
    'which words were added in the second version',
    'old text: see you soon. new text: see you very soon',
    'spot what is different here: "two eggs, one onion" / "three eggs, one onion"',
    'did my editor alter anything in this sentence',
    'find the changes between these paragraphs',
    'are these two texts the same',
    'highlight what was removed',
    'I rewrote the intro, tell me what differs from before',
    'check the first wording against the second',
    'mark the edits between draft one and draft two',
    'put the versions side by side and list the changes',
  ],
  perform: (_can, { before, after }) => {
    const changes = changesBetween(before, after)
    return { data: { identical: before === after, changes }, text: sayChanges(changes) }
  },
})

function sayChanges(changes: readonly Change[]): string {
  const edits = editsIn(changes)
  if (edits.length === 0) return 'The two texts are the same.'
  const said = edits.map(sayEdit)
  const isShort = edits.length <= SPOKEN_MAX && said.every((edit) => edit.length <= SPOKEN_CHARACTERS_MAX)
  return isShort
    ? `${sayCount(edits.length, 'change')}: ${sayList(said)}.`
    : `There are ${sayCount(edits.length, 'change')}.`
}

interface Edit {
  removed: string
  added: string
}

/** A removal and the addition next to it are one edit. */
function editsIn(changes: readonly Change[]): Edit[] {
  const edits: Edit[] = []
  let open: Edit | undefined
  for (const { kind, text } of changes) {
    if (kind === 'same') open = undefined
    else if (open === undefined) {
      open = { removed: '', added: '' }
      edits.push(open)
    }
    if (open !== undefined && kind !== 'same') open[kind] += text
  }
  return edits
}

function sayEdit({ removed, added }: Edit): string {
  const [old, fresh] = [removed.trim(), added.trim()]
  if (old === '' && fresh === '') return 'the spacing changed'
  if (old === '') return `"${fresh}" was added`
  return fresh === '' ? `"${old}" was removed` : `"${old}" became "${fresh}"`
}
