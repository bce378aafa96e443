import type { Source } from './source.ts'

const REFUSED: readonly { pattern: RegExp; what: string; files: RegExp }[] = [
  {
    pattern: /(?<![\w.])\/(?:work|root|home\/[a-z]+)\/|registry\.npmjs|deb\.debian/,
    what: 'a path or host of one machine',
    files: /./,
  },
  { pattern: /\b(?:TODO|FIXME|XXX)\b/, what: 'a word of unfinished work', files: /\.ts$/ },
  { pattern: /\.(?:skip|only|todo)\(/, what: 'a test that is left out', files: /\.test\.ts$/ },
]

/** Words that must not be in the project, as `file:line what`. The rules themselves are not looked at. */
export function findWording(files: readonly Source[]): string[] {
  return files
    .filter(({ path }) => !path.startsWith('scripts/wording'))
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, index) =>
          REFUSED.filter(({ pattern, files: which }) => which.test(path) && pattern.test(line)).map(
            ({ what }) => `${path}:${index + 1} has ${what}`,
          ),
        ),
    )
}
