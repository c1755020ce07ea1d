/** One table of OpenCC, which the package exports without types: `肅 肃|興 兴`. */
declare module 'opencc-js/dict/TSCharacters' {
  const pairs: string;
  export default pairs;
}
