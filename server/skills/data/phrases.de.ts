import type { Phrases } from '../skill.ts'

const DATA = '(daten|csv|json|tabelle|zeilen|liste|datei)'
const THIS = '(dieser|der|folgende|folgenden)'
const CHART = '(diagramm|balkendiagramm|liniendiagramm|säulendiagramm|grafik|chart|kurve)'

/** What is said of numbers and data, in German. */
export const german: Phrases = {
  calculate: [
    '(wie viel|wieviel) (bekomme|zahle|spare) ich (bei|wenn ich) {expression} [rechne|nehme]',
    '(addiere|summiere) {expression}',
    'was (bedeuten|kosten|betragen) {expression}',
    '(zieh|ziehe) {expression} ab',
    'teile {expression}',
    'und {expression}',
    'kannst du {expression} (rechnen|ausrechnen|berechnen)',
    '{expression}',
    '(was|wie viel|wieviel) (ist|sind|ergibt|ergeben|macht|machen|gibt|wären) {expression}',
    '(wie viel|wieviel) {expression} [ist|sind|ergibt]',
    '(rechne|berechne) [mir] [aus] {expression} [aus]',
    'rechne [mir] aus (was|wie viel|wieviel) {expression} (ist|sind|ergibt|macht)',
    '{expression} (ausrechnen|berechnen)',
    'was kommt (bei|raus bei|heraus bei) {expression} [raus|heraus]',
    'was kommt (raus|heraus) (wenn ich|bei) {expression} [rechne]',
    '{expression} (ist gleich|gleich|ergibt|macht|ist) [was|wie viel|wieviel]',
    '(sag|gib|nenn) mir [was|wie viel] {expression} [ist|ergibt]',
    '(was ist|wie hoch ist|wie groß ist|das ergebnis von|was ist das ergebnis von) {expression}',
    'löse {expression}',
  ],
  convert: [
    '(wie viel|wie viele|wieviel|wieviele) {to} (ist|sind|hat|haben|ergeben|entsprechen|entspricht|machen) {value} {from}',
    '(was|wie viel|wie viele|wieviel) (ist|sind|ergeben|macht) {value} {from} in {to}',
    '(rechne|wandle|konvertiere) {value} {from} in {to} [um]',
    '{value} {from} in {to} [umrechnen|umwandeln|konvertieren]',
    '{value} {from} (sind|ist|ergeben) (wie viel|wie viele|wieviel) {to}',
    'wie (weit|lang|groß|schwer|hoch|schnell|heiß|kalt|warm|tief|breit|viel) (ist|sind) {value} {from} in {to}',
    ['wie viele {to} (hat|sind in|stecken in) ein {from}', { value: '1' }],
    'wie viele {to} (sind in|stecken in) {value} {from}',
    'wenn es [in] {from} {value} ist wie spät ist es [dann] in {to}',
    'wenn es {value} in {from} ist wie spät ist es [dann] in {to}',
    'wie spät ist es in {to} wenn es [in] {from} {value} ist',
    'wie spät ist es in {to} wenn es {value} in {from} ist',
    ['(wie spät|wie viel uhr|wieviel uhr) ist es [gerade|jetzt] in {to}', { value: 'now', from: 'here' }],
    [
      '(welche uhrzeit|was für eine uhrzeit) (ist|hat|haben wir) [es] [gerade] in {to}',
      { value: 'now', from: 'here' },
    ],
    '(rechne|wandle|konvertiere) {from} in {to} um',
  ],
  read: [
    `(lies|lade|öffne|parse|importiere) ${THIS} ${DATA} [ein] {text}`,
    `was (steht|ist) in ${THIS} ${DATA} {text}`,
    '(mach|erstelle) [mir] ein tabelle (aus|von|daraus) [diesen|den|folgenden] [daten|csv|json|zeilen] {text}',
    `zeig [mir] ${THIS} ${DATA} [als tabelle] {text}`,
    `${DATA} (einlesen|laden|als tabelle zeigen|lesen) {text}`,
    `(welche|was für) (zeilen|spalten) (sind|hat) [in] ${THIS} ${DATA} {text}`,
  ],
  filter: [
    `(filtere|filter) [${THIS.slice(1, -1)}] [${DATA.slice(1, -1)}] (nach|wo|bei denen|auf|mit) {where} {rows}`,
    'filtere {rows} (nach|wo|bei denen|auf|mit) {where}',
    `(zeig|gib|behalte|nenn|finde) [mir] nur [${THIS.slice(1, -1)}] (zeilen|einträge) (wo|mit|bei denen|in denen|deren) {where} {rows}`,
    `(zeig|gib|behalte|nenn|finde) [mir] nur [${THIS.slice(1, -1)}] (zeilen|einträge) (wo|mit|bei denen|in denen|deren) {where} (aus|von|in) {rows}`,
    `(zeig|gib|behalte|nenn|finde) [mir] [${THIS.slice(1, -1)}] (zeilen|einträge) (wo|mit|bei denen|in denen|deren) {where} {rows}`,
    `nur [${THIS.slice(1, -1)}] zeilen (wo|mit|bei denen|in denen|deren) {where} {rows}`,
    `welche zeilen (haben|sind) {where} {rows}`,
  ],
  aggregate: [
    '[was ist|wie hoch ist|wie groß ist|berechne|gib mir|zeig mir] [der] {function} [der|von|aus|für] [der] [spalte] {column} (pro|je|nach|für jeden|für jede|gruppiert nach) {by} [in|aus|von] [diesen daten] {rows}',
    '[was ist|wie hoch ist|wie groß ist|berechne|gib mir|zeig mir] [der] {function} [der|von|aus|für] [der] [spalte] {column} [in|aus|von|hier] [diesen daten|der tabelle|der csv|diesen] {rows}',
    'gruppiere {rows} nach {by} und [bilde|berechne] [der] {function} [von|der] {column}',
  ],
  chart_data: [
    `(zeichne|mach|erstelle|plotte|zeig) [mir] [ein] ${CHART} (von|aus|mit|der|für|über) {y} (nach|pro|über|je|gegen) {x} {rows}`,
    `(zeichne|plotte|stelle) {y} (nach|pro|über|je|gegen) {x} [als ${CHART.slice(1, -1).split('|')[0]}] [dar] {rows}`,
    `(zeichne|mach|erstelle|plotte|zeig) [mir] [ein] ${CHART} (aus|von|mit|zu) [diesen|den|folgenden] [daten|zahlen|werten] {rows}`,
    `[ein] ${CHART} (aus|von|mit|zu) [diesen|den|folgenden] [daten|zahlen|werten] [zeichnen|erstellen] {rows}`,
    `(visualisiere|plotte|zeichne) [diese|die|folgenden] [daten|zahlen|werte] {rows}`,
    `(stelle|stell) [diese|die|folgenden] [daten|zahlen|werte] (als|in einem) ${CHART} dar {rows}`,
  ],
}
