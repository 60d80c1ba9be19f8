npx --yes osls@4.3.1 deploy --param="mode=$mode"
