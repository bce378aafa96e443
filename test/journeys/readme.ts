import { readFileSync } from 'node:fs'

const README = new URL('../../README.md', import.meta.url)

/** What stands in the code blocks of the README after `npx paios`, a command line each. */
export function readmeCommands(text: string = readFileSync(README, 'utf8')): string[] {
  const { blocks } = text.split('\n').reduce(split, { blocks: [], fenced: false, before: '' })
  return blocks.flatMap((line) => {
    const [, command] = /^npx paios(?: (.*))?$/.exec(line.replace(/\s+# .*$/, '').trim()) ?? []
    return command === undefined ? [] : [command]
  })
}

interface Walk {
  blocks: string[]
  fenced: boolean
  before: string
}

/** Takes the lines of a code block: between fences, or indented after an empty line. */
function split({ blocks, fenced, before }: Walk, line: string): Walk {
  if (line.startsWith('```')) return { blocks, fenced: !fenced, before: '' }
  const isCode = fenced || (/^ {4}/.test(line) && (before === '' || /^ {4}/.test(before)))
  return { blocks: isCode ? [...blocks, line] : blocks, fenced, before: line }
}

/** The words of a command line as a shell takes them; double quotes keep spaces. */
export function wordsOf(command: string): string[] {
  return Array.from(command.matchAll(/"([^"]*)"|(\S+)/g), ([, quoted, plain]) => quoted ?? plain ?? '')
}
