import type { Phrases } from '../skill.ts'

const DATA = '(datos|csv|json|tabla|filas|lista|archivo)'
const THIS = '(este|estos|el|siguientes)'
const CHART =
  '(gráfico|gráfica|diagrama|gráfico de barras|gráfica de barras|gráfico de líneas|diagrama de barras)'

/** What is said of numbers and data, in Spanish. */
export const spanish: Phrases = {
  calculate: [
    '(cuánto|qué) (pago|ahorro|queda|resulta|sale) [si] (de|a|en|con) {expression}',
    '(divide|multiplica|resta) {expression}',
    '(haz|hazme) [el] (cálculo|operación) [de] {expression}',
    '(puedes calcular|sabes cuánto es|me dices cuánto es) {expression}',
    'suma {expression}',
    '{expression}',
    '(cuánto|cuántos|qué|cuál) (es|son|da|hace|hacen|sería|suman|suma|vale) {expression}',
    '(calcula|resuelve|evalúa|computa) [cuánto es] {expression}',
    '(dime|dame) [cuánto es|cuánto son|el resultado de] {expression}',
    '[cuál es] [el] resultado de {expression}',
    '(cuánto|qué) me da {expression}',
    '{expression} (es|son|igual a) (cuánto|qué)',
    'qué {expression}',
    'haz la cuenta [de] {expression}',
    'saca {expression}',
  ],
  convert: [
    '(cuánto|cuántos|cuántas) {to} (son|es|hay en|equivalen a|tiene|tienen) {value} {from}',
    '(cuánto|qué) (es|son) {value} {from} en {to}',
    '(convierte|pasa|cambia|pasar|transforma) {value} {from} (a|en) {to}',
    '{value} {from} (en|a) {to}',
    '{value} {from} (cuántos|cuántas|cuánto) {to} (son|es)',
    'a (cuánto|cuántos|cuántas) {to} (equivalen|equivale|son) {value} {from}',
    'a (cuánto|cuántos) (equivalen|equivale) {value} {from} en {to}',
    [
      '(qué hora es|qué hora tienen|a qué hora están|hora actual) [ahora|ahora mismo] en {to}',
      { value: 'now', from: 'here' },
    ],
    'si en {from} son {value} qué hora es en {to}',
    'qué hora es en {to} (cuando|si) en {from} son {value}',
    'qué hora es en {to} (cuando|si) son {value} en {from}',
    '(convierte|pasa|cambia) {from} (a|en) {to}',
  ],
  read: [
    `(lee|carga|abre|analiza|importa) ${THIS} ${DATA} {text}`,
    `qué (hay|contienen|contiene|tienen) [en] ${THIS} ${DATA} {text}`,
    '(haz|crea) un tabla (de|con|a partir de) [estos|los] [datos|csv|json|filas] {text}',
    `muestra ${THIS} ${DATA} [como tabla] {text}`,
    `(qué|cuáles) (filas|columnas) (hay|tiene|tienen) [en] ${THIS} ${DATA} {text}`,
  ],
  filter: [
    `filtra [${THIS.slice(1, -1)}] [${DATA.slice(1, -1)}] (por|donde|con|que|cuyo|cuya) {where} {rows}`,
    'filtra {rows} (por|donde|con|cuyo|cuya) {where}',
    '(muestra|dame|quédate con|deja|encuentra) (solo|sólo|solamente|únicamente) [el] (filas|registros) (donde|con|que|cuyo|cuya) {where} {rows}',
    '(muestra|dame|quédate con|deja|encuentra) [solo] [el] (filas|registros) (donde|con|cuyo|cuya|en que) {where} [de|en] {rows}',
    'solo [el] filas (donde|con|cuyo|cuya) {where} {rows}',
    '(qué|cuáles) filas (tienen|son) {where} {rows}',
  ],
  aggregate: [
    '[cuál es|calcula|dame|dime] [el] {function} (de|del) [el] [columna] {column} (por|para cada|según|agrupado por) {by} [en|de] [estos datos] {rows}',
    '[cuál es|calcula|dame|dime] [el] {function} (de|del) [el] [columna] {column} [en|de] [estos datos|la tabla|el csv|estos] {rows}',
    'agrupa {rows} por {by} y (calcula|saca) [el] {function} de {column}',
  ],
  chart_data: [
    `(dibuja|haz|crea|muestra|genera) [un] ${CHART} (de|con|del) {y} (por|según|frente a|contra|para cada) {x} {rows}`,
    `(dibuja|grafica|representa) {y} (por|según|frente a|contra|para cada) {x} {rows}`,
    `(dibuja|haz|crea|muestra|genera) [un] ${CHART} (de|con) [estos|los|siguientes] [datos|números|valores] {rows}`,
    `[un] ${CHART} (de|con) [estos|los|siguientes] [datos|números|valores] {rows}`,
    '(dibuja|grafica|representa|visualiza) [estos|los|siguientes] [datos|números|valores] {rows}',
  ],
}
