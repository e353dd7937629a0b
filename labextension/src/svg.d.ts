/** SVG files are imported as text. */
declare module '*.svg' {
  const svg: string;
  export default svg;
}

declare module '*.css';
