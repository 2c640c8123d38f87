export * from "@rove/compiler/vite"
