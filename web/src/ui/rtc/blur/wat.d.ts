// kernels.wat as vite.config.ts compiles it: the module's bytes in base64.
declare module '*.wat' {
  const bytes: string;
  export default bytes;
}
