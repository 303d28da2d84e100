@main struct Curlew { static func main() {} }
