import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Sends an operation three times with the client's defaults, which offer HTTP/2, and prints what came back. */
public class Http2 {
    public static void main(String[] addresses) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(addresses[0]))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"query\":\"{ a: __typename }\"}"))
            .build();
        HttpClient client = HttpClient.newHttpClient();
        for (int time = 0; time < 3; time++) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            String body = response.body().split(",\"extensions\"")[0];
            System.out.println(response.version() + " " + response.statusCode() + " " + body);
        }
    }
}
