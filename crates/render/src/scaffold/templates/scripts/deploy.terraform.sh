terraform init -input=false
terraform apply -var="mode=$mode"
