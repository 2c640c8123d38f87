import "@rove/compiler/register"
