"""Making the feed open to every site, whatever it answers."""

from http import HTTPStatus

from django.http import JsonResponse

FEED = "/oruk/"


class OpenFeed:
    """Below ``/oruk/`` every answer says that scripts of any site may read it, and every refusal is JSON.

    Nobody is signed in there, whatever cookie comes along: an answer is the same for everybody and may be kept by any
    cache. This stands outermost, because a redirect, an error or an address that is not there never reaches a view.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path_info.startswith(FEED):
            return self.get_response(request)
        request.COOKIES = {}
        response = self.get_response(request)
        del response["Vary"]
        if response.status_code >= 400 and "json" not in response.get("Content-Type", ""):
            response = _in_json(response)
        response["Access-Control-Allow-Origin"] = "*"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        if request.method == "OPTIONS":
            response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response["Access-Control-Allow-Headers"] = "*"
            response["Access-Control-Max-Age"] = "86400"
        return response


def _in_json(refused) -> JsonResponse:
    response = JsonResponse({"error": HTTPStatus(refused.status_code).phrase}, status=refused.status_code)
    if "Allow" in refused:
        response["Allow"] = refused["Allow"]
    return response
