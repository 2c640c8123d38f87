export * from "@rove/fibers/runtime"
